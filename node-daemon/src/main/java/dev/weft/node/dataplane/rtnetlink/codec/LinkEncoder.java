package dev.weft.node.dataplane.rtnetlink.codec;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.model.BridgeOption;
import dev.weft.node.dataplane.rtnetlink.model.BridgePortFlag;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkFlag;
import dev.weft.node.dataplane.rtnetlink.model.LinkKind;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.Toggle;
import dev.weft.node.dataplane.rtnetlink.model.VxlanFlag;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Requests about links. */
public final class LinkEncoder {

    /** Statistics make up most of a link's message and nobody here reads them: {@code RTEXT_FILTER_SKIP_STATS}. */
    private static final int SKIP_STATISTICS = 8;

    private LinkEncoder() {}

    /** All links of the namespace. */
    public static NlMessage dump() {
        PayloadWriter payload = header(0, List.of()).attributeU32(LinkAttributes.EXTENDED_MASK, SKIP_STATISTICS);
        return NlMessage.dump(RtnetlinkTypes.GET_LINK, payload);
    }

    /** One link: the answer comes before the acknowledgement. */
    public static NlMessage get(LinkRef link) {
        PayloadWriter payload = target(link, List.of());
        payload.attributeU32(LinkAttributes.EXTENDED_MASK, SKIP_STATISTICS);
        return NlMessage.request(RtnetlinkTypes.GET_LINK, 0, payload);
    }

    static NlMessage add(LinkSpec spec, LinkIndexes indexes) {
        PayloadWriter payload = header(0, spec.attributes());
        payload.attributeText(LinkAttributes.NAME, spec.name().value());
        writeAll(payload, spec.attributes(), indexes);
        payload.nested(LinkAttributes.LINK_INFO, info -> {
            info.attributeText(LinkAttributes.INFO_KIND, spec.kind().name());
            switch (spec) {
                case LinkSpec.BridgeSpec bridge -> writeBridge(info, bridge.options());
                case LinkSpec.VethSpec veth -> writePeer(info, veth.peer(), indexes);
                case LinkSpec.VxlanSpec vxlan -> writeVxlan(info, vxlan);
                case LinkSpec.MacvlanSpec macvlan ->
                    info.nested(
                            LinkAttributes.INFO_DATA,
                            data -> data.attributeU32(
                                    LinkAttributes.MACVLAN_MODE, macvlan.mode().value()));
                case LinkSpec.IpvlanSpec ipvlan ->
                    info.nested(
                            LinkAttributes.INFO_DATA,
                            data -> data.attributeU16(
                                            LinkAttributes.IPVLAN_MODE,
                                            ipvlan.mode().value())
                                    .attributeU16(
                                            LinkAttributes.IPVLAN_FLAGS,
                                            ipvlan.flag().value()));
                case LinkSpec.VlanSpec vlan ->
                    info.nested(LinkAttributes.INFO_DATA, data -> data.attributeU16(LinkAttributes.VLAN_ID, vlan.id()));
                case LinkSpec.PlainSpec _ -> {}
            }
        });
        return NlMessage.request(RtnetlinkTypes.NEW_LINK, NlMessage.CREATE | NlMessage.EXCLUSIVE, payload);
    }

    static NlMessage set(LinkRef link, List<LinkAttribute> changes, LinkIndexes indexes) {
        PayloadWriter payload = isRename(changes) ? header(indexes.indexOf(link), changes) : target(link, changes);
        writeAll(payload, changes, indexes);
        return NlMessage.request(RtnetlinkTypes.NEW_LINK, 0, payload);
    }

    /** A rename has the new name where other changes have the link's own, so it needs the index. */
    static boolean isRename(List<LinkAttribute> changes) {
        return changes.stream().anyMatch(LinkAttribute.Name.class::isInstance);
    }

    static NlMessage setBridge(LinkRef link, List<BridgeOption> options) {
        PayloadWriter payload = target(link, List.of()).nested(LinkAttributes.LINK_INFO, info -> {
            info.attributeText(LinkAttributes.INFO_KIND, LinkKind.BRIDGE.name());
            writeBridge(info, options);
        });
        return NlMessage.request(RtnetlinkTypes.NEW_LINK, 0, payload);
    }

    static NlMessage setBridgePort(LinkRef link, Map<BridgePortFlag, Toggle> flags) {
        PayloadWriter payload = target(link, List.of()).nested(LinkAttributes.LINK_INFO, info -> {
            info.attributeText(LinkAttributes.INFO_PORT_KIND, LinkKind.BRIDGE.name());
            info.nested(LinkAttributes.INFO_PORT_DATA, data -> {
                for (BridgePortFlag flag : BridgePortFlag.values()) {
                    Toggle value = flags.get(flag);
                    if (value != null) {
                        data.attributeU8(flag.attribute(), value.ordinal());
                    }
                }
            });
        });
        return NlMessage.request(RtnetlinkTypes.NEW_LINK, 0, payload);
    }

    static NlMessage delete(LinkRef link) {
        return NlMessage.request(RtnetlinkTypes.DELETE_LINK, 0, target(link, List.of()));
    }

    /** The header of a message about an existing link, and its name where that is how it is known. */
    private static PayloadWriter target(LinkRef link, List<LinkAttribute> changes) {
        return switch (link) {
            case LinkRef.Indexed(int index) -> header(index, changes);
            case LinkRef.Named(InterfaceName name) ->
                header(0, changes).attributeText(LinkAttributes.NAME, name.value());
        };
    }

    private static PayloadWriter header(int index, List<LinkAttribute> attributes) {
        int flags = 0;
        int change = 0;
        for (LinkAttribute attribute : attributes) {
            if (attribute instanceof LinkAttribute.Admin(LinkAttribute.AdminState state)) {
                change = LinkFlag.UP.bit();
                flags = state == LinkAttribute.AdminState.UP ? LinkFlag.UP.bit() : 0;
            }
        }
        return new PayloadWriter()
                .u8(RtnetlinkTypes.AF_UNSPEC)
                .u8(0)
                .u16(0)
                .u32(index)
                .u32(flags)
                .u32(change);
    }

    private static void writeAll(PayloadWriter out, List<LinkAttribute> attributes, LinkIndexes indexes) {
        for (LinkAttribute attribute : attributes) {
            switch (attribute) {
                case LinkAttribute.HardwareAddress(var mac) -> out.attribute(LinkAttributes.ADDRESS, mac.toBytes());
                case LinkAttribute.MaximumTransmissionUnit(var mtu) ->
                    out.attributeU32(LinkAttributes.MTU, mtu.bytes());
                case LinkAttribute.Master(LinkRef link) ->
                    out.attributeU32(LinkAttributes.MASTER, indexes.indexOf(link));
                case LinkAttribute.NoMaster _ -> out.attributeU32(LinkAttributes.MASTER, 0);
                case LinkAttribute.Group(var group) -> out.attributeU32(LinkAttributes.GROUP, group.number());
                case LinkAttribute.Alias(String text) -> out.attributeText(LinkAttributes.ALIAS, text);
                case LinkAttribute.Name(InterfaceName name) -> out.attributeText(LinkAttributes.NAME, name.value());
                case LinkAttribute.Namespace(var namespace) ->
                    out.attributeU32(
                            LinkAttributes.NAMESPACE_FD, namespace.descriptor().number());
                case LinkAttribute.Parent(LinkRef link) ->
                    out.attributeU32(LinkAttributes.LOWER, indexes.indexOf(link));
                case LinkAttribute.Admin _ -> {
                    // In the header.
                }
            }
        }
    }

    private static void writeBridge(PayloadWriter info, List<BridgeOption> options) {
        info.nested(LinkAttributes.INFO_DATA, data -> {
            for (BridgeOption option : options) {
                switch (option) {
                    case BridgeOption.VlanFiltering(Toggle value) ->
                        data.attributeU8(LinkAttributes.BRIDGE_VLAN_FILTERING, value.ordinal());
                    case BridgeOption.MulticastSnooping(Toggle value) ->
                        data.attributeU8(LinkAttributes.BRIDGE_MULTICAST_SNOOPING, value.ordinal());
                    case BridgeOption.SpanningTree(Toggle value) ->
                        data.attributeU32(LinkAttributes.BRIDGE_STP, value.ordinal());
                    case BridgeOption.Ageing(Duration value) ->
                        data.attributeU32(LinkAttributes.BRIDGE_AGEING, ticks(value));
                    case BridgeOption.ForwardDelay(Duration value) ->
                        data.attributeU32(LinkAttributes.BRIDGE_FORWARD_DELAY, ticks(value));
                }
            }
        });
    }

    /** {@code clock_t}: hundredths of a second, whatever the kernel's own tick. */
    private static int ticks(Duration duration) {
        return Math.toIntExact(duration.toMillis() / 10);
    }

    private static void writePeer(PayloadWriter info, LinkSpec.Peer peer, LinkIndexes indexes) {
        info.nested(
                LinkAttributes.INFO_DATA,
                data -> data.nested(LinkAttributes.VETH_PEER, out -> {
                    out.raw(header(0, peer.attributes()));
                    out.attributeText(LinkAttributes.NAME, peer.name().value());
                    writeAll(out, peer.attributes(), indexes);
                }));
    }

    private static void writeVxlan(PayloadWriter info, LinkSpec.VxlanSpec vxlan) {
        info.nested(LinkAttributes.INFO_DATA, data -> {
            data.attributeU32(LinkAttributes.VXLAN_ID, vxlan.vni().value());
            boolean ipv6 = vxlan.local().family() == IpFamily.IPV6;
            data.attribute(
                    ipv6 ? LinkAttributes.VXLAN_LOCAL6 : LinkAttributes.VXLAN_LOCAL,
                    vxlan.local().toBytes());
            data.attributeU16BigEndian(LinkAttributes.VXLAN_PORT, vxlan.port());
            for (VxlanFlag flag : VxlanFlag.values()) {
                data.attributeU8(flag.attribute(), vxlan.flags().contains(flag) ? 1 : 0);
            }
            // Over IPv6 the checksum is on unless these say that zero will do.
            int withoutChecksum = vxlan.flags().contains(VxlanFlag.UDP_CHECKSUM) ? 0 : 1;
            data.attributeU8(LinkAttributes.VXLAN_UDP_ZERO_CHECKSUM6_TX, withoutChecksum);
            data.attributeU8(LinkAttributes.VXLAN_UDP_ZERO_CHECKSUM6_RX, withoutChecksum);
        });
    }
}
