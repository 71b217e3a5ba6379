package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Vni;
import dev.weft.node.dataplane.rtnetlink.model.BridgePortFlag;
import dev.weft.node.dataplane.rtnetlink.model.Enslavement;
import dev.weft.node.dataplane.rtnetlink.model.IpvlanFlag;
import dev.weft.node.dataplane.rtnetlink.model.IpvlanMode;
import dev.weft.node.dataplane.rtnetlink.model.Link;
import dev.weft.node.dataplane.rtnetlink.model.LinkDetails;
import dev.weft.node.dataplane.rtnetlink.model.LinkFlag;
import dev.weft.node.dataplane.rtnetlink.model.LinkGroup;
import dev.weft.node.dataplane.rtnetlink.model.LinkKind;
import dev.weft.node.dataplane.rtnetlink.model.MacvlanMode;
import dev.weft.node.dataplane.rtnetlink.model.OperState;
import dev.weft.node.dataplane.rtnetlink.model.Toggle;
import dev.weft.node.dataplane.rtnetlink.model.VxlanFlag;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Links from the kernel's answers. */
public final class LinkDecoder {

    private LinkDecoder() {}

    /**
     * Reads one link; empty if the message is not about a link.
     *
     * @throws MalformedMessageException if it is, and is cut or contradicts itself
     */
    public static Optional<Link> decode(NlMessage message) {
        if (message.type() != RtnetlinkTypes.NEW_LINK) {
            return Optional.empty();
        }
        ByteBuffer header = message.payload(LinkAttributes.HEADER_LENGTH);
        int index = header.getInt(4);
        int flags = header.getInt(8);
        if (index < 1) {
            throw new MalformedMessageException("a link with the index " + index);
        }
        Attributes attributes = message.attributesAfter(LinkAttributes.HEADER_LENGTH);
        Attributes info = attributes.nested(LinkAttributes.LINK_INFO);
        LinkKind kind = new LinkKind(info.text(LinkAttributes.INFO_KIND).orElse(""));
        return Optional.of(new Link(
                index,
                attributes
                        .text(LinkAttributes.NAME)
                        .orElseThrow(() -> new MalformedMessageException("link " + index + " has no name")),
                kind,
                details(kind, info),
                attributes.mac(LinkAttributes.ADDRESS),
                attributes.u32(LinkAttributes.MTU).orElse(0),
                group(attributes),
                attributes.text(LinkAttributes.ALIAS).orElse(""),
                flags(flags),
                OperState.ofWire(attributes.u8(LinkAttributes.OPER_STATE).orElse(0)),
                enslavement(attributes, info),
                positive(attributes.u32(LinkAttributes.LOWER)),
                attributes.u32(LinkAttributes.LOWER_NAMESPACE_ID)));
    }

    private static LinkGroup group(Attributes attributes) {
        int number = attributes.u32(LinkAttributes.GROUP).orElse(0);
        if (number < 0) {
            // The kernel keeps it in an int, so nobody can have set such a one.
            throw new MalformedMessageException("a link in group " + number);
        }
        return new LinkGroup(number);
    }

    private static Set<LinkFlag> flags(int bits) {
        Set<LinkFlag> flags = EnumSet.noneOf(LinkFlag.class);
        for (LinkFlag flag : LinkFlag.values()) {
            if ((bits & flag.bit()) != 0) {
                flags.add(flag);
            }
        }
        return flags;
    }

    private static Enslavement enslavement(Attributes attributes, Attributes info) {
        OptionalInt master = positive(attributes.u32(LinkAttributes.MASTER));
        if (master.isEmpty()) {
            return new Enslavement.Free();
        }
        Set<BridgePortFlag> flags = EnumSet.noneOf(BridgePortFlag.class);
        if (info.text(LinkAttributes.INFO_PORT_KIND).orElse("").equals(LinkKind.BRIDGE.name())) {
            Attributes port = info.nested(LinkAttributes.INFO_PORT_DATA);
            for (BridgePortFlag flag : BridgePortFlag.values()) {
                if (port.u8(flag.attribute()).orElse(0) != 0) {
                    flags.add(flag);
                }
            }
        }
        return new Enslavement.PortOf(master.getAsInt(), flags);
    }

    private static LinkDetails details(LinkKind kind, Attributes info) {
        if (kind.equals(LinkKind.BRIDGE)) {
            return bridge(info.nested(LinkAttributes.INFO_DATA));
        }
        if (kind.equals(LinkKind.VXLAN)) {
            return vxlan(info.nested(LinkAttributes.INFO_DATA));
        }
        if (kind.equals(LinkKind.MACVLAN)) {
            Attributes data = info.nested(LinkAttributes.INFO_DATA);
            return new LinkDetails.MacvlanDetails(
                    known(data.u32(LinkAttributes.MACVLAN_MODE)).flatMap(MacvlanMode::ofWire));
        }
        if (kind.equals(LinkKind.IPVLAN)) {
            Attributes data = info.nested(LinkAttributes.INFO_DATA);
            return new LinkDetails.IpvlanDetails(
                    known(data.u16(LinkAttributes.IPVLAN_MODE)).flatMap(IpvlanMode::ofWire),
                    known(data.u16(LinkAttributes.IPVLAN_FLAGS)).flatMap(IpvlanFlag::ofWire));
        }
        if (kind.equals(LinkKind.VLAN)) {
            return new LinkDetails.VlanDetails(info.nested(LinkAttributes.INFO_DATA)
                    .u16(LinkAttributes.VLAN_ID)
                    .orElse(0));
        }
        return new LinkDetails.NoDetails();
    }

    private static Optional<Integer> known(OptionalInt value) {
        return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }

    private static LinkDetails bridge(Attributes data) {
        return new LinkDetails.BridgeDetails(
                Toggle.of(data.u8(LinkAttributes.BRIDGE_VLAN_FILTERING).orElse(0) != 0),
                Toggle.of(data.u8(LinkAttributes.BRIDGE_MULTICAST_SNOOPING).orElse(0) != 0),
                Toggle.of(data.u32(LinkAttributes.BRIDGE_STP).orElse(0) != 0),
                Duration.ofMillis(10
                        * Integer.toUnsignedLong(
                                data.u32(LinkAttributes.BRIDGE_AGEING).orElse(0))));
    }

    private static LinkDetails vxlan(Attributes data) {
        int vni = data.u32(LinkAttributes.VXLAN_ID).orElse(0);
        Optional<IpAddress> local = data.address(LinkAttributes.VXLAN_LOCAL, IpFamily.IPV4)
                .or(() -> data.address(LinkAttributes.VXLAN_LOCAL6, IpFamily.IPV6));
        Set<VxlanFlag> flags = EnumSet.noneOf(VxlanFlag.class);
        for (VxlanFlag flag : VxlanFlag.values()) {
            if (data.u8(flag.attribute()).orElse(0) != 0) {
                flags.add(flag);
            }
        }
        if (local.isPresent() && local.get().family() == IpFamily.IPV6) {
            boolean without =
                    data.u8(LinkAttributes.VXLAN_UDP_ZERO_CHECKSUM6_TX).orElse(0) != 0;
            if (without) {
                flags.remove(VxlanFlag.UDP_CHECKSUM);
            } else {
                flags.add(VxlanFlag.UDP_CHECKSUM);
            }
        }
        return new LinkDetails.VxlanDetails(
                vni >= 1 && vni <= Vni.MAX ? Optional.of(new Vni(vni)) : Optional.empty(),
                local,
                data.u16BigEndian(LinkAttributes.VXLAN_PORT).orElse(0),
                positive(data.u32(LinkAttributes.VXLAN_DEVICE)),
                flags);
    }

    /** Where an index is 0 there is no link. */
    private static OptionalInt positive(OptionalInt index) {
        return index.isPresent() && index.getAsInt() > 0 ? index : OptionalInt.empty();
    }
}
