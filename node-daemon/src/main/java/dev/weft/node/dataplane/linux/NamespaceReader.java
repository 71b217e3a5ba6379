package dev.weft.node.dataplane.linux;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.LinkLocal;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dataplane.rtnetlink.model.Address;
import dev.weft.node.dataplane.rtnetlink.model.BridgePortFlag;
import dev.weft.node.dataplane.rtnetlink.model.Enslavement;
import dev.weft.node.dataplane.rtnetlink.model.FdbEntry;
import dev.weft.node.dataplane.rtnetlink.model.FdbSpec;
import dev.weft.node.dataplane.rtnetlink.model.FdbTarget;
import dev.weft.node.dataplane.rtnetlink.model.Filter;
import dev.weft.node.dataplane.rtnetlink.model.Link;
import dev.weft.node.dataplane.rtnetlink.model.LinkDetails;
import dev.weft.node.dataplane.rtnetlink.model.LinkKind;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.Neighbor;
import dev.weft.node.dataplane.rtnetlink.model.NeighborState;
import dev.weft.node.dataplane.rtnetlink.model.NextHop;
import dev.weft.node.dataplane.rtnetlink.model.Qdisc;
import dev.weft.node.dataplane.rtnetlink.model.Route;
import dev.weft.node.dataplane.rtnetlink.model.RouteTable;
import dev.weft.node.dataplane.rtnetlink.model.VxlanFlag;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.kernel.ObservedLink;
import dev.weft.node.kernel.PortTrait;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what netlink knows of a namespace, and keeps what carries one of our marks. */
final class NamespaceReader {

    private static final String INGRESS = "ingress";
    private static final String ENDPOINT_MARK = "weft:endpoint:";

    private final List<Link> links;
    private final Map<Integer, Link> byIndex = new HashMap<>();
    private final List<KernelObject> found = new ArrayList<>();

    private NamespaceReader(List<Link> links) {
        this.links = links;
        links.forEach(link -> byIndex.put(link.index(), link));
    }

    static List<KernelObject> read(Rtnetlink rtnetlink, Set<ObjectKind> kinds) {
        Set<ObjectKind> wanted = EnumSet.of(
                ObjectKind.LINK,
                ObjectKind.ADDRESS,
                ObjectKind.FDB,
                ObjectKind.NEIGHBOR,
                ObjectKind.ROUTE,
                ObjectKind.QDISC);
        wanted.retainAll(kinds);
        if (wanted.isEmpty()) {
            return List.of();
        }
        // Everything else is known by the link that it is on.
        NamespaceReader reader = new NamespaceReader(rtnetlink.links());
        boolean tunnels = reader.links.stream().anyMatch(NamespaceReader::isOurTunnel);
        for (ObjectKind kind : wanted) {
            switch (kind) {
                case LINK -> reader.links.forEach(reader::link);
                case ADDRESS -> rtnetlink.addresses().forEach(reader::address);
                case FDB -> {
                    if (tunnels) {
                        rtnetlink.fdb().forEach(reader::fdb);
                    }
                }
                case NEIGHBOR -> {
                    if (tunnels) {
                        for (IpFamily family : IpFamily.values()) {
                            rtnetlink.neighbors(family).forEach(reader::neighbor);
                        }
                    }
                }
                case ROUTE -> {
                    for (IpFamily family : IpFamily.values()) {
                        rtnetlink.routes(family, RouteTable.MAIN).forEach(reader::route);
                    }
                }
                case QDISC ->
                    rtnetlink.qdiscs().forEach(qdisc -> {
                        reader.qdisc(qdisc);
                        if (reader.isIngressOfOurs(qdisc)) {
                            reader.diversion(qdisc.linkIndex(), rtnetlink.ingressFilters(qdisc.linkIndex()));
                        }
                    });
                case NAMESPACE, FILES, SYSCTL, NFT, RESOLVER -> {}
            }
        }
        return reader.found;
    }

    /**
     * Reads some links, and what is on them.
     *
     * @param kinds beside the links themselves
     */
    static List<KernelObject> readLinks(Rtnetlink rtnetlink, Collection<LinkRef> wanted, Set<ObjectKind> kinds) {
        List<Link> links = rtnetlink.links(wanted);
        NamespaceReader reader = new NamespaceReader(links);
        // Masters are told by their index.
        Set<LinkRef> masters = new HashSet<>();
        for (Link link : links) {
            link.masterIndex().ifPresent(index -> {
                if (!reader.byIndex.containsKey(index)) {
                    masters.add(LinkRef.of(index));
                }
            });
        }
        if (!masters.isEmpty()) {
            rtnetlink.links(masters).forEach(master -> reader.byIndex.put(master.index(), master));
        }
        links.forEach(reader::link);
        for (Link link : links) {
            if (kinds.contains(ObjectKind.ADDRESS) && isOurs(link)) {
                rtnetlink.addresses(link.index()).forEach(reader::address);
            }
        }
        Set<Integer> tunnels = links.stream()
                .filter(NamespaceReader::isOurTunnel)
                .map(Link::index)
                .collect(Collectors.toSet());
        if (kinds.contains(ObjectKind.FDB) && !tunnels.isEmpty()) {
            rtnetlink.fdb().stream()
                    .filter(entry -> tunnels.contains(entry.linkIndex()))
                    .forEach(reader::fdb);
        }
        if (kinds.contains(ObjectKind.NEIGHBOR) && !tunnels.isEmpty()) {
            for (IpFamily family : IpFamily.values()) {
                rtnetlink.neighbors(family).stream()
                        .filter(neighbor -> tunnels.contains(neighbor.linkIndex()))
                        .forEach(reader::neighbor);
            }
        }
        return reader.found;
    }

    private static boolean isOurs(Link link) {
        return link.group().equals(Requests.GROUP);
    }

    private static boolean isOurTunnel(Link link) {
        return isOurs(link) && link.kind().equals(LinkKind.VXLAN);
    }

    /** The name of a link of ours; absent where it is another's. */
    private Optional<InterfaceName> ours(int index) {
        return Optional.ofNullable(byIndex.get(index))
                .filter(NamespaceReader::isOurs)
                .flatMap(NamespaceReader::name);
    }

    private Optional<InterfaceName> ourTunnel(int index) {
        return Optional.ofNullable(byIndex.get(index))
                .filter(NamespaceReader::isOurTunnel)
                .flatMap(NamespaceReader::name);
    }

    /** The kernel allows names that we do not; no link of ours has one. */
    private static Optional<InterfaceName> name(Link link) {
        return interfaceName(link.name());
    }

    /** Empty for a name that no link of ours can have. */
    static Optional<InterfaceName> interfaceName(String name) {
        try {
            return Optional.of(new InterfaceName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void link(Link link) {
        name(link)
                .ifPresent(name -> found.add(new ObservedLink(
                        name,
                        link.index(),
                        link.kind().name(),
                        isOurs(link) ? ObservedLink.Owner.WEFT : ObservedLink.Owner.OTHERS,
                        link.alias(),
                        link.mac(),
                        link.mtu(),
                        master(link),
                        link.isUp() ? ObservedLink.AdminState.UP : ObservedLink.AdminState.DOWN,
                        tunnel(link),
                        port(link),
                        configuration(link))));
    }

    private Optional<InterfaceName> master(Link link) {
        return link.masterIndex().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(byIndex.get(link.masterIndex().getAsInt()))
                        .flatMap(NamespaceReader::name);
    }

    private static Optional<ObservedLink.Tunnel> tunnel(Link link) {
        if (!(link.details() instanceof LinkDetails.VxlanDetails vxlan)
                || vxlan.vni().isEmpty()) {
            return Optional.empty();
        }
        boolean programmed =
                vxlan.flags().contains(VxlanFlag.PROXY) && !vxlan.flags().contains(VxlanFlag.LEARNING);
        return Optional.of(new ObservedLink.Tunnel(
                vxlan.vni().get(),
                vxlan.local(),
                vxlan.port(),
                programmed ? ObservedLink.Tunnel.Behaviour.PROGRAMMED : ObservedLink.Tunnel.Behaviour.OTHER));
    }

    private static Optional<Set<PortTrait>> port(Link link) {
        if (!(link.enslavement() instanceof Enslavement.PortOf port)) {
            return Optional.empty();
        }
        Set<PortTrait> traits = EnumSet.noneOf(PortTrait.class);
        for (Map.Entry<PortTrait, BridgePortFlag> entry : Requests.portFlags().entrySet()) {
            if (port.flags().contains(entry.getValue())) {
                traits.add(entry.getKey());
            }
        }
        return Optional.of(traits);
    }

    private void address(Address address) {
        ours(address.linkIndex())
                .filter(_ -> !isTheKernels(address))
                .ifPresent(link -> found.add(new KernelObject.LinkAddress(link, address.address())));
    }

    /**
     * Whether the kernel has given the link an address by itself: in IPv6 of its MAC. Others of the link alone are looked at
     * where we set such ones, on endpoints' ends in sandboxes.
     */
    private boolean isTheKernels(Address address) {
        if (!address.address().address().isLinkLocal()) {
            return false;
        }
        return Optional.ofNullable(byIndex.get(address.linkIndex()))
                .filter(link ->
                        link.alias().startsWith(ENDPOINT_MARK) && link.enslavement() instanceof Enslavement.Free)
                .filter(link -> link.mac()
                        .map(LinkLocal::of)
                        .filter(address.address().address()::equals)
                        .isEmpty())
                .isEmpty();
    }

    private void fdb(FdbEntry entry) {
        ourTunnel(entry.linkIndex()).ifPresent(link -> {
            switch (entry.target()) {
                case FdbTarget.Vtep(var vtep) ->
                    found.add(
                            entry.mac().equals(FdbSpec.ALL_ZEROS)
                                    ? new KernelObject.FloodEntry(link, vtep)
                                    : new KernelObject.TunnelEntry(link, entry.mac(), vtep));
                // The port's own address is permanent there; what was programmed is static.
                case FdbTarget.Master() -> {
                    if (entry.state() == NeighborState.NOARP) {
                        found.add(new KernelObject.PortEntry(link, entry.mac()));
                    }
                }
                case FdbTarget.Self() -> {}
            }
        });
    }

    private void neighbor(Neighbor neighbor) {
        if (neighbor.state() == NeighborState.PERMANENT && neighbor.mac().isPresent()) {
            ourTunnel(neighbor.linkIndex())
                    .ifPresent(link -> found.add(new KernelObject.Neighbor(
                            link, neighbor.address(), neighbor.mac().get())));
        }
    }

    private void route(Route route) {
        if (route.protocol().equals(Requests.PROTOCOL)
                && route.nextHops().size() == 1
                && route.nextHops().getFirst().link() instanceof LinkRef.Indexed(int index)) {
            IpAddress gateway = switch (route.nextHops().getFirst()) {
                case NextHop.Via via -> via.gateway();
                case NextHop.Direct _ -> unspecified(route.destination().family());
            };
            Optional.ofNullable(byIndex.get(index))
                    .flatMap(NamespaceReader::name)
                    .ifPresent(link -> found.add(new KernelObject.Route(route.destination(), gateway, link)));
        }
    }

    private void qdisc(Qdisc qdisc) {
        if (qdisc.place() == Qdisc.Place.ROOT && qdisc.handle().equals(Requests.LIMIT)) {
            qdisc.bucket()
                    .ifPresent(bucket -> ours(qdisc.linkIndex())
                            .ifPresent(link -> found.add(new KernelObject.Qdisc(
                                    link, bucket.bytesPerSecond(), bucket.buffer(), bucket.limit()))));
        }
    }

    private boolean isIngressOfOurs(Qdisc qdisc) {
        return qdisc.kind().equals(INGRESS) && ours(qdisc.linkIndex()).isPresent();
    }

    /** One whose other link is gone loses what comes in: it is told as leading nowhere, so that it does not stay. */
    private void diversion(int link, List<Filter> filters) {
        ours(link)
                .ifPresent(name -> filters.stream()
                        .filter(filter -> filter.priority() == Requests.DIVERSION)
                        .flatMapToInt(filter -> filter.redirectedTo().stream())
                        .mapToObj(target ->
                                new KernelObject.Diversion(name, ours(target).orElse(name)))
                        .forEach(found::add));
    }

    private static IpAddress unspecified(IpFamily family) {
        return IpAddress.ofBytes(new byte[family.bytes()]);
    }

    /** See {@link dev.weft.node.kernel.LinkKind#configuration}. */
    private static String configuration(Link link) {
        return switch (link.details()) {
            case LinkDetails.MacvlanDetails(var mode) -> "mode " + word(mode);
            case LinkDetails.IpvlanDetails(var mode, var flag) -> "mode " + word(mode) + " " + word(flag);
            case LinkDetails.VlanDetails(int id) -> "id " + id;
            case LinkDetails.BridgeDetails _, LinkDetails.VxlanDetails _, LinkDetails.NoDetails _ -> "";
        };
    }

    private static String word(Optional<? extends Enum<?>> value) {
        return value.map(known -> known.name().toLowerCase(Locale.ROOT)).orElse("unknown");
    }
}
