package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.node.dataplane.rtnetlink.model.FdbEntry;
import dev.weft.node.dataplane.rtnetlink.model.FdbSpec;
import dev.weft.node.dataplane.rtnetlink.model.FdbTarget;
import dev.weft.node.dataplane.rtnetlink.model.Neighbor;
import dev.weft.node.dataplane.rtnetlink.model.NeighborSpec;
import dev.weft.node.dataplane.rtnetlink.model.NeighborState;
import dev.weft.node.dataplane.rtnetlink.model.RouteProtocol;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Neighbors and FDB entries: {@code struct ndmsg} and its attributes, from {@code include/uapi/linux/neighbour.h}. The
 * family tells which: an IP family, or that of bridges.
 */
public final class NeighborCodec {

    private static final int HEADER_LENGTH = 12;
    private static final int DESTINATION = 1;
    private static final int LINK_ADDRESS = 2;
    private static final int MASTER = 9;
    private static final int PROTOCOL = 12;

    private static final int FLAG_SELF = 0x02;
    private static final int FLAG_MASTER = 0x04;

    private NeighborCodec() {}

    /** All neighbors of one family. */
    public static NlMessage dump(IpFamily family) {
        return NlMessage.dump(RtnetlinkTypes.GET_NEIGHBOR, header(family.afNumber(), 0, 0, 0));
    }

    /** All FDB entries, of bridges and of links themselves. */
    public static NlMessage dumpFdb() {
        return NlMessage.dump(RtnetlinkTypes.GET_NEIGHBOR, header(RtnetlinkTypes.AF_BRIDGE, 0, 0, 0));
    }

    static NlMessage create(NeighborSpec spec, int flags, LinkIndexes indexes) {
        PayloadWriter payload = header(
                        spec.address().family().afNumber(),
                        indexes.indexOf(spec.link()),
                        spec.state().bit(),
                        0)
                .attribute(DESTINATION, spec.address().toBytes())
                .attribute(LINK_ADDRESS, spec.mac().toBytes())
                .attributeU8(PROTOCOL, spec.protocol().number());
        return NlMessage.request(RtnetlinkTypes.NEW_NEIGHBOR, NlMessage.CREATE | flags, payload);
    }

    static NlMessage delete(IpAddress address, int linkIndex) {
        PayloadWriter payload =
                header(address.family().afNumber(), linkIndex, 0, 0).attribute(DESTINATION, address.toBytes());
        return NlMessage.request(RtnetlinkTypes.DELETE_NEIGHBOR, 0, payload);
    }

    static NlMessage createFdb(FdbSpec spec, int flags, LinkIndexes indexes) {
        return NlMessage.request(RtnetlinkTypes.NEW_NEIGHBOR, NlMessage.CREATE | flags, fdb(spec, indexes));
    }

    static NlMessage deleteFdb(FdbSpec spec, LinkIndexes indexes) {
        return NlMessage.request(RtnetlinkTypes.DELETE_NEIGHBOR, 0, fdb(spec, indexes));
    }

    private static PayloadWriter fdb(FdbSpec spec, LinkIndexes indexes) {
        int flag = switch (spec.target()) {
            case FdbTarget.Vtep _, FdbTarget.Self _ -> FLAG_SELF;
            case FdbTarget.Master _ -> FLAG_MASTER;
        };
        PayloadWriter out = header(
                        RtnetlinkTypes.AF_BRIDGE,
                        indexes.indexOf(spec.link()),
                        spec.life().state().bit(),
                        flag)
                .attribute(LINK_ADDRESS, spec.mac().toBytes());
        if (spec.target() instanceof FdbTarget.Vtep(IpAddress vtep)) {
            out.attribute(DESTINATION, vtep.toBytes());
        }
        return out;
    }

    private static PayloadWriter header(int family, int linkIndex, int state, int flags) {
        return new PayloadWriter()
                .u8(family)
                .u8(0)
                .u16(0)
                .u32(linkIndex)
                .u16(state)
                .u8(flags)
                .u8(0);
    }

    /**
     * Reads one neighbor; empty if the message is about something else.
     *
     * @throws MalformedMessageException if it is about a neighbor, and is cut or contradicts itself
     */
    public static Optional<Neighbor> decode(NlMessage message) {
        if (message.type() != RtnetlinkTypes.NEW_NEIGHBOR) {
            return Optional.empty();
        }
        ByteBuffer header = message.payload(HEADER_LENGTH);
        Optional<IpFamily> family = Families.of(header.get(0));
        if (family.isEmpty()) {
            return Optional.empty();
        }
        Attributes attributes = message.attributesAfter(HEADER_LENGTH);
        return Optional.of(new Neighbor(
                header.getInt(4),
                attributes
                        .address(DESTINATION, family.get())
                        .orElseThrow(() -> new MalformedMessageException("a neighbor without an address")),
                attributes.mac(LINK_ADDRESS),
                NeighborState.ofWire(Short.toUnsignedInt(header.getShort(8))),
                new RouteProtocol(attributes.u8(PROTOCOL).orElse(0))));
    }

    /**
     * Reads one FDB entry; empty if the message is about something else, or about an entry without a MAC, as links other
     * than Ethernet have.
     *
     * @throws MalformedMessageException if it is about an entry, and is cut or contradicts itself
     */
    public static Optional<FdbEntry> decodeFdb(NlMessage message) {
        if (message.type() != RtnetlinkTypes.NEW_NEIGHBOR) {
            return Optional.empty();
        }
        ByteBuffer header = message.payload(HEADER_LENGTH);
        if (Byte.toUnsignedInt(header.get(0)) != RtnetlinkTypes.AF_BRIDGE) {
            return Optional.empty();
        }
        Attributes attributes = message.attributesAfter(HEADER_LENGTH);
        Optional<MacAddress> mac = attributes.mac(LINK_ADDRESS);
        boolean self = (header.get(10) & FLAG_SELF) != 0;
        FdbTarget target = attributes
                .address(DESTINATION)
                .<FdbTarget>map(FdbTarget.Vtep::new)
                .orElseGet(() -> self ? new FdbTarget.Self() : new FdbTarget.Master());
        OptionalInt bridge = attributes.u32(MASTER);
        int linkIndex = header.getInt(4);
        NeighborState state = NeighborState.ofWire(Short.toUnsignedInt(header.getShort(8)));
        return mac.map(address -> new FdbEntry(linkIndex, address, target, bridge, state));
    }
}
