package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.model.Address;
import dev.weft.node.dataplane.rtnetlink.model.AddressFlag;
import dev.weft.node.dataplane.rtnetlink.model.AddressSpec;
import dev.weft.node.dataplane.rtnetlink.model.RouteScope;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Addresses: {@code struct ifaddrmsg} and its attributes, from {@code include/uapi/linux/if_addr.h}. */
public final class AddressCodec {

    private static final int HEADER_LENGTH = 8;
    private static final int ADDRESS = 1;
    private static final int LOCAL = 2;
    private static final int FLAGS = 8;

    private AddressCodec() {}

    /** All addresses of the namespace, of both families. */
    public static NlMessage dump() {
        return dump(0);
    }

    /** All addresses of one link, of both families. */
    public static NlMessage dump(int linkIndex) {
        PayloadWriter payload = new PayloadWriter()
                .u8(RtnetlinkTypes.AF_UNSPEC)
                .u8(0)
                .u8(0)
                .u8(0)
                .u32(linkIndex);
        return NlMessage.dump(RtnetlinkTypes.GET_ADDRESS, payload);
    }

    static NlMessage create(AddressSpec spec, int flags, LinkIndexes indexes) {
        int bits = spec.flags().stream().mapToInt(AddressFlag::bit).reduce(0, (a, b) -> a | b);
        PayloadWriter payload = identity(spec.address(), indexes.indexOf(spec.link()));
        payload.attributeU32(FLAGS, bits);
        return NlMessage.request(RtnetlinkTypes.NEW_ADDRESS, NlMessage.CREATE | flags, payload);
    }

    static NlMessage delete(InterfaceAddress address, int linkIndex) {
        return NlMessage.request(RtnetlinkTypes.DELETE_ADDRESS, 0, identity(address, linkIndex));
    }

    private static PayloadWriter identity(InterfaceAddress address, int linkIndex) {
        byte[] bytes = address.address().toBytes();
        // IPv4 wants to be told; IPv6 knows by itself.
        RouteScope scope = RouteScope.UNIVERSE;
        if (address.address().isLoopback()) {
            scope = RouteScope.HOST;
        } else if (address.address().isLinkLocal()) {
            scope = RouteScope.LINK;
        }
        return new PayloadWriter()
                .u8(address.family().afNumber())
                .u8(address.prefixLength())
                .u8(0)
                .u8(scope.value())
                .u32(linkIndex)
                .attribute(LOCAL, bytes)
                .attribute(ADDRESS, bytes);
    }

    /**
     * Reads one address; empty if the message is about something else.
     *
     * @throws MalformedMessageException if it is about an address, and is cut or contradicts itself
     */
    public static Optional<Address> decode(NlMessage message) {
        if (message.type() != RtnetlinkTypes.NEW_ADDRESS) {
            return Optional.empty();
        }
        ByteBuffer header = message.payload(HEADER_LENGTH);
        Optional<IpFamily> family = Families.of(header.get(0));
        if (family.isEmpty()) {
            return Optional.empty();
        }
        int prefixLength = Families.prefixLength(header.get(1), family.get());
        Attributes attributes = message.attributesAfter(HEADER_LENGTH);
        // On a point-to-point link ADDRESS is the other end's; LOCAL then is the link's own.
        IpAddress address = attributes
                .address(LOCAL, family.get())
                .or(() -> attributes.address(ADDRESS, family.get()))
                .orElseThrow(() -> new MalformedMessageException("an address message without an address"));
        int bits = attributes.u32(FLAGS).orElse(Byte.toUnsignedInt(header.get(2)));
        Set<AddressFlag> flags = EnumSet.noneOf(AddressFlag.class);
        for (AddressFlag flag : AddressFlag.values()) {
            if ((bits & flag.bit()) != 0) {
                flags.add(flag);
            }
        }
        return Optional.of(new Address(
                header.getInt(4),
                new InterfaceAddress(address, prefixLength),
                new RouteScope(Byte.toUnsignedInt(header.get(3))),
                flags));
    }
}
