package dev.weft.node.dataplane.linux;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.model.AddressFlag;
import dev.weft.node.dataplane.rtnetlink.model.AddressSpec;
import dev.weft.node.dataplane.rtnetlink.model.BridgeOption;
import dev.weft.node.dataplane.rtnetlink.model.BridgePortFlag;
import dev.weft.node.dataplane.rtnetlink.model.FdbSpec;
import dev.weft.node.dataplane.rtnetlink.model.IpvlanFlag;
import dev.weft.node.dataplane.rtnetlink.model.IpvlanMode;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkGroup;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.MacvlanMode;
import dev.weft.node.dataplane.rtnetlink.model.NeighborSpec;
import dev.weft.node.dataplane.rtnetlink.model.NextHop;
import dev.weft.node.dataplane.rtnetlink.model.QdiscHandle;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.RouteProtocol;
import dev.weft.node.dataplane.rtnetlink.model.RouteSpec;
import dev.weft.node.dataplane.rtnetlink.model.Toggle;
import dev.weft.node.dataplane.rtnetlink.model.TokenBucket;
import dev.weft.node.dataplane.rtnetlink.model.VxlanFlag;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.LinkChange;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.Operation;
import dev.weft.node.kernel.PortTrait;
import dev.weft.node.netns.NetworkNamespace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Operations as netlink requests. */
final class Requests {

    static final LinkGroup GROUP = new LinkGroup(LinkSpec.GROUP);

    /** {@code RTPROT}: marks routes and neighbors as ours. Not in iproute2's list of known ones. */
    static final RouteProtocol PROTOCOL = new RouteProtocol(119);

    /** Marks limits as ours: "wf" in ASCII. */
    static final QdiscHandle LIMIT = new QdiscHandle(0x7766);

    /** The priority that marks filters as ours. */
    static final int DIVERSION = 0x7766;

    /** The kernel's default but for learning; checksums on, as the kernel has them unless told otherwise. */
    static final Set<VxlanFlag> TUNNEL_FLAGS = Set.of(VxlanFlag.PROXY, VxlanFlag.UDP_CHECKSUM);

    private static final Map<PortTrait, BridgePortFlag> PORT_FLAGS = Map.of(
            PortTrait.LEARNING, BridgePortFlag.LEARNING,
            PortTrait.UNICAST_FLOOD, BridgePortFlag.FLOOD,
            PortTrait.ISOLATED, BridgePortFlag.ISOLATED,
            PortTrait.HAIRPIN, BridgePortFlag.HAIRPIN);

    private Requests() {}

    static Map<PortTrait, BridgePortFlag> portFlags() {
        return PORT_FLAGS;
    }

    /** Requests for an operation on links, or what is on them; they are to be run in order. */
    static List<Request> of(Operation operation, Function<String, NetworkNamespace> sandboxes) {
        return switch (operation) {
            case Operation.CreateLink(LinkSpec link) -> List.of(new Request.AddLink(link(link, sandboxes)));
            case Operation.ChangeLink(InterfaceName name, var changes) -> change(LinkRef.of(name), changes);
            case Operation.BringUp(InterfaceName name) ->
                List.of(new Request.SetLink(LinkRef.of(name), List.of(LinkAttribute.up())));
            case Operation.DeleteLink(InterfaceName name, var _) -> List.of(new Request.DeleteLink(LinkRef.of(name)));
            case Operation.Put(KernelObject.Qdisc qdisc, var _) -> limit(qdisc);
            case Operation.Put(KernelObject.Diversion diversion, var _) -> divert(diversion);
            case Operation.Put(KernelObject object, var _) -> List.of(put(object));
            case Operation.Remove(KernelObject object, var _) -> List.of(remove(object));
            case Operation.OpenNamespace _,
                    Operation.RemoveNamespace _,
                    Operation.WriteFiles _,
                    Operation.RemoveFiles _,
                    Operation.ServeNames _,
                    Operation.StopNames _,
                    Operation.SetSysctl _,
                    Operation.ChangeFirewall _ ->
                throw new IllegalArgumentException(operation + " does not go through netlink");
        };
    }

    private static dev.weft.node.dataplane.rtnetlink.model.LinkSpec link(
            LinkSpec link, Function<String, NetworkNamespace> sandboxes) {
        List<LinkAttribute> attributes = new ArrayList<>();
        attributes.add(LinkAttribute.group(GROUP));
        link.mac().ifPresent(mac -> attributes.add(LinkAttribute.mac(mac)));
        link.mtu().ifPresent(mtu -> attributes.add(LinkAttribute.mtu(mtu)));
        link.master().ifPresent(master -> attributes.add(LinkAttribute.master(master)));
        return switch (link.kind()) {
            case LinkKind.Bridge() ->
                // Without a querier snooping holds multicast back from members that are a tunnel away.
                new dev.weft.node.dataplane.rtnetlink.model.LinkSpec.BridgeSpec(
                        link.name(), attributes, List.of(new BridgeOption.MulticastSnooping(Toggle.OFF)));
            case LinkKind.Vxlan(var vni, var local) ->
                new dev.weft.node.dataplane.rtnetlink.model.LinkSpec.VxlanSpec(
                        link.name(), attributes, vni, local, LinkKind.Vxlan.PORT, TUNNEL_FLAGS);
            case LinkKind.VethHost(String sandbox, InterfaceName peerName, var peerMac) -> {
                List<LinkAttribute> ofPeer = new ArrayList<>();
                ofPeer.add(LinkAttribute.group(GROUP));
                ofPeer.add(LinkAttribute.mac(peerMac));
                link.mtu().ifPresent(mtu -> ofPeer.add(LinkAttribute.mtu(mtu)));
                ofPeer.add(LinkAttribute.in(sandboxes.apply(sandbox)));
                yield new dev.weft.node.dataplane.rtnetlink.model.LinkSpec.VethSpec(
                        link.name(),
                        attributes,
                        new dev.weft.node.dataplane.rtnetlink.model.LinkSpec.Peer(peerName, ofPeer));
            }
            case LinkKind.Macvlan(String sandbox, InterfaceName parent, var mode) ->
                new dev.weft.node.dataplane.rtnetlink.model.LinkSpec.MacvlanSpec(
                        link.name(), inside(attributes, sandbox, parent, sandboxes), MacvlanMode.valueOf(mode.name()));
            case LinkKind.Ipvlan(String sandbox, InterfaceName parent, var mode, var flag) ->
                new dev.weft.node.dataplane.rtnetlink.model.LinkSpec.IpvlanSpec(
                        link.name(),
                        inside(attributes, sandbox, parent, sandboxes),
                        IpvlanMode.valueOf(mode.name()),
                        IpvlanFlag.valueOf(flag.name()));
            case LinkKind.Vlan(InterfaceName parent, int tag) -> {
                attributes.add(new LinkAttribute.Parent(LinkRef.of(parent)));
                yield new dev.weft.node.dataplane.rtnetlink.model.LinkSpec.VlanSpec(link.name(), attributes, tag);
            }
            case LinkKind.Ifb() ->
                new dev.weft.node.dataplane.rtnetlink.model.LinkSpec.PlainSpec(
                        link.name(), dev.weft.node.dataplane.rtnetlink.model.LinkKind.IFB, attributes);
            case LinkKind.Dummy() ->
                new dev.weft.node.dataplane.rtnetlink.model.LinkSpec.PlainSpec(
                        link.name(), dev.weft.node.dataplane.rtnetlink.model.LinkKind.DUMMY, attributes);
            case LinkKind.VethSandbox _, LinkKind.Loopback _, LinkKind.Existing _ ->
                throw new IllegalArgumentException(link.name() + " is not created by itself");
        };
    }

    /** The parent is looked up in the namespace of the socket, the link is born in the sandbox's. */
    private static List<LinkAttribute> inside(
            List<LinkAttribute> attributes,
            String sandbox,
            InterfaceName parent,
            Function<String, NetworkNamespace> sandboxes) {
        attributes.add(new LinkAttribute.Parent(LinkRef.of(parent)));
        attributes.add(LinkAttribute.in(sandboxes.apply(sandbox)));
        return attributes;
    }

    private static List<Request> change(LinkRef link, List<LinkChange> changes) {
        List<Request> requests = new ArrayList<>();
        List<LinkAttribute> attributes = new ArrayList<>();
        for (LinkChange change : changes) {
            switch (change) {
                case LinkChange.SetMac(var mac) -> attributes.add(LinkAttribute.mac(mac));
                case LinkChange.SetMtu(var mtu) -> attributes.add(LinkAttribute.mtu(mtu));
                case LinkChange.SetMaster(var bridge) -> attributes.add(LinkAttribute.master(bridge));
                case LinkChange.SetAlias(String alias) -> attributes.add(LinkAttribute.alias(alias));
                case LinkChange.SetPort(var traits) -> {
                    // A port has settings only once it is one.
                    requests.add(new Request.SetBridgePort(link, flags(traits)));
                }
            }
        }
        if (!attributes.isEmpty()) {
            requests.addFirst(new Request.SetLink(link, attributes));
        }
        return requests;
    }

    private static Map<BridgePortFlag, Toggle> flags(Set<PortTrait> traits) {
        Map<BridgePortFlag, Toggle> flags = new EnumMap<>(BridgePortFlag.class);
        PORT_FLAGS.forEach((trait, flag) -> flags.put(flag, traits.contains(trait) ? Toggle.ON : Toggle.OFF));
        return flags;
    }

    /**
     * A limit that is there is not changed in place: what waits in it was cut to the old bucket's size, and a packet larger
     * than the new bucket would wait for ever, with all behind it. What waited is lost, as it is when a queue is
     * full.
     */
    private static List<Request> limit(KernelObject.Qdisc qdisc) {
        LinkRef link = LinkRef.of(qdisc.onLink());
        return List.of(
                new Request.DeleteQdisc(link, LIMIT),
                new Request.ReplaceQdisc(
                        link, LIMIT, new TokenBucket(qdisc.bytesPerSecond(), qdisc.buffer(), qdisc.limit())));
    }

    /** Whatever was there of it goes first: one may be left half done, or lead to a link that is gone. */
    private static List<Request> divert(KernelObject.Diversion diversion) {
        LinkRef link = LinkRef.of(diversion.onLink());
        return List.of(
                new Request.DeleteIngress(link),
                new Request.AddIngress(link),
                new Request.Redirect(link, DIVERSION, LinkRef.of(diversion.through())));
    }

    private static Request put(KernelObject object) {
        return switch (object) {
            case KernelObject.LinkAddress(var link, var address) ->
                new Request.ReplaceAddress(
                        address.family() == IpFamily.IPV6
                                ? AddressSpec.of(LinkRef.of(link), address, AddressFlag.NODAD)
                                : AddressSpec.of(LinkRef.of(link), address));
            case KernelObject.TunnelEntry(var link, var mac, var vtep) ->
                new Request.ReplaceFdb(FdbSpec.remote(LinkRef.of(link), mac, vtep));
            case KernelObject.FloodEntry(var link, var vtep) ->
                new Request.AppendFdb(FdbSpec.remote(LinkRef.of(link), FdbSpec.ALL_ZEROS, vtep));
            case KernelObject.PortEntry(var link, var mac) ->
                new Request.ReplaceFdb(FdbSpec.onPort(LinkRef.of(link), mac));
            case KernelObject.Neighbor(var link, var address, var mac) ->
                new Request.ReplaceNeighbor(NeighborSpec.permanent(LinkRef.of(link), address, mac, PROTOCOL));
            // Add, not replace: a route of somebody else's to the same destination stays, and the row fails.
            case KernelObject.Route route -> new Request.AddRoute(route(route));
            default -> throw new IllegalArgumentException(object + " is not put through netlink");
        };
    }

    private static Request remove(KernelObject object) {
        return switch (object) {
            case KernelObject.LinkAddress(var link, var address) ->
                new Request.DeleteAddress(LinkRef.of(link), address);
            case KernelObject.TunnelEntry(var link, var mac, var vtep) ->
                new Request.DeleteFdb(FdbSpec.remote(LinkRef.of(link), mac, vtep));
            case KernelObject.FloodEntry(var link, var vtep) ->
                new Request.DeleteFdb(FdbSpec.remote(LinkRef.of(link), FdbSpec.ALL_ZEROS, vtep));
            case KernelObject.PortEntry(var link, var mac) ->
                new Request.DeleteFdb(FdbSpec.onPort(LinkRef.of(link), mac));
            case KernelObject.Neighbor(var link, var address, var _) ->
                new Request.DeleteNeighbor(LinkRef.of(link), address);
            case KernelObject.Qdisc qdisc -> new Request.DeleteQdisc(LinkRef.of(qdisc.onLink()), LIMIT);
            case KernelObject.Diversion diversion -> new Request.DeleteIngress(LinkRef.of(diversion.onLink()));
            case KernelObject.Route route -> new Request.DeleteRoute(route(route));
            default -> throw new IllegalArgumentException(object + " is not removed through netlink");
        };
    }

    private static RouteSpec route(KernelObject.Route route) {
        LinkRef link = LinkRef.of(route.onLink());
        NextHop nextHop = route.isDirect() ? NextHop.direct(link) : NextHop.via(route.gateway(), link);
        return RouteSpec.of(route.destination(), nextHop, PROTOCOL);
    }
}
