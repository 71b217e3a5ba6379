package dev.weft.node.reconcile;

import dev.weft.net.Cidr;
import dev.weft.net.GatewayMode;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.LinkLocal;
import dev.weft.net.MacAddress;
import dev.weft.net.Vni;
import dev.weft.node.kernel.FirewallSet;
import dev.weft.node.kernel.KernelObject;
import dev.weft.node.kernel.KernelObject.FirewallElement;
import dev.weft.node.kernel.KernelObject.FirewallTable;
import dev.weft.node.kernel.KernelObject.FloodEntry;
import dev.weft.node.kernel.KernelObject.LinkAddress;
import dev.weft.node.kernel.KernelObject.Neighbor;
import dev.weft.node.kernel.KernelObject.PortEntry;
import dev.weft.node.kernel.KernelObject.Route;
import dev.weft.node.kernel.KernelObject.SandboxFiles;
import dev.weft.node.kernel.KernelObject.SandboxNamespace;
import dev.weft.node.kernel.KernelObject.Sysctl;
import dev.weft.node.kernel.KernelObject.TunnelEntry;
import dev.weft.node.kernel.LinkKind;
import dev.weft.node.kernel.LinkSpec;
import dev.weft.node.kernel.NamespaceOrigin;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.PortTrait;
import dev.weft.node.kernel.Shaping;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.MalformedRow;
import dev.weft.node.model.NetworkDriver;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.model.NodeProfile;
import dev.weft.node.model.NodeProfile.EgressLimits;
import dev.weft.node.model.PeerRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.model.SubnetSpec;
import dev.weft.node.model.VtepRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What each row means for the kernel. A pure function: of the row, the rows it refers to, and the node. */
public final class RowCompiler {

    static final InterfaceName LOOPBACK = new InterfaceName("lo");

    /** Ports of endpoints behave as the kernel makes them, unless endpoints are kept apart. */
    private static final Set<PortTrait> OPEN_PORT = PortTrait.DEFAULTS;

    private static final Set<PortTrait> APART_PORT =
            Set.of(PortTrait.LEARNING, PortTrait.UNICAST_FLOOD, PortTrait.ISOLATED);

    private final NodeProfile node;

    public RowCompiler(NodeProfile node) {
        this.node = node;
    }

    public Fragment compile(Row row, RowIndex rows) {
        return switch (row) {
            case NetworkRow network -> network(network);
            case VtepRow vtep ->
                rows.network(vtep.networkId())
                        .map(network -> vtep(vtep, network))
                        .orElseGet(() -> waiting("network", vtep.networkId()));
            case PeerRow peer ->
                rows.network(peer.networkId())
                        .map(network -> peer(peer, network))
                        .orElseGet(() -> waiting("network", peer.networkId()));
            case SandboxRow sandbox -> sandbox(sandbox, rows);
            case EndpointRow endpoint -> endpoint(endpoint, rows);
            case MalformedRow malformed -> new Fragment.Unreadable(malformed.problem());
        };
    }

    private static Fragment waiting(String kind, String id) {
        return new Fragment.Waiting("waits for " + kind + " " + id);
    }

    private Fragment network(NetworkRow network) {
        return switch (network.driver()) {
            case HOST, NULL -> new Fragment.Objects(List.of());
            case BRIDGE ->
                network.bridgeName()
                        .<Fragment>map(bridge -> new Fragment.Objects(bridge(network, bridge)))
                        .orElseGet(() -> withoutBridge(network));
            case MACVLAN, IPVLAN -> UplinkCompiler.network(network);
            case OVERLAY ->
                network.bridgeName().map(bridge -> overlay(network, bridge)).orElseGet(() -> withoutBridge(network));
        };
    }

    private static Fragment withoutVtep(NetworkRow network) {
        return new Fragment.Impossible("overlay network " + network.name()
                + " cannot be built: this node has no tunnel address; start weft-node with --underlay");
    }

    private static Fragment withoutBridge(NetworkRow network) {
        return new Fragment.Impossible("network " + network.name() + " has no bridge name in its row");
    }

    private Fragment overlay(NetworkRow network, InterfaceName bridge) {
        if (node.vtep().isEmpty()) {
            return withoutVtep(network);
        }
        Optional<Vni> vni = network.subnets().stream()
                .flatMap(subnet -> subnet.vni().stream())
                .findFirst();
        if (vni.isEmpty()) {
            return new Fragment.Impossible("overlay network " + network.name() + " has no VNI in its row");
        }
        IpAddress local = node.vtep().get();
        InterfaceName vxlan = Names.vxlan(network.id());
        List<KernelObject> objects = new ArrayList<>(bridgeObjects(network, bridge));
        // Port learning off: where remote MACs are is programmed, and the anycast MAC of other gateways must not stick.
        // Unknown unicast has nowhere to go either: every remote MAC has an entry.
        objects.add(new LinkSpec(
                vxlan,
                new LinkKind.Vxlan(vni.get(), local),
                Optional.empty(),
                Optional.of(network.mtu()),
                Optional.of(bridge),
                Optional.of(Names.mark("vxlan", network.id())),
                Optional.of(Set.of())));
        objects.addAll(ipv6Settings(vxlan, network));
        objects.add(new FirewallElement(FirewallSet.tunnels(local.family()), local.toString()));
        return new Fragment.Objects(place(NamespaceRef.HOST, objects));
    }

    private static List<Placed> bridge(NetworkRow network, InterfaceName bridge) {
        return place(NamespaceRef.HOST, bridgeObjects(network, bridge));
    }

    private static List<KernelObject> bridgeObjects(NetworkRow network, InterfaceName bridge) {
        List<KernelObject> objects = new ArrayList<>();
        objects.add(new Sysctl("net/ipv4/ip_forward", "1"));
        if (network.has(Trait.IPV6)) {
            objects.add(new Sysctl("net/ipv6/conf/all/forwarding", "1"));
        }
        objects.add(new LinkSpec(
                bridge,
                new LinkKind.Bridge(),
                Optional.of(network.bridgeMac().orElseGet(() -> Names.bridgeMac(network.id()))),
                Optional.of(network.mtu()),
                Optional.empty(),
                Optional.of(Names.mark("bridge", network.id())),
                Optional.empty()));
        objects.addAll(
                network.access().mode(IpFamily.IPV6) == GatewayMode.ISOLATED
                        ? List.of(new Sysctl("net/ipv6/conf/" + bridge + "/disable_ipv6", "1"))
                        : ipv6Settings(bridge, network));
        for (SubnetSpec subnet : network.subnets()) {
            subnet.bridgeAddress().ifPresent(address -> objects.add(new LinkAddress(bridge, address)));
        }
        objects.add(FirewallTable.INTACT);
        objects.addAll(NetworkRules.of(network, bridge));
        return objects;
    }

    /** On the host's side router advertisements are never believed, and only networks with IPv6 speak it. */
    static List<KernelObject> ipv6Settings(InterfaceName link, NetworkRow network) {
        String conf = "net/ipv6/conf/" + link + "/";
        return List.of(
                new Sysctl(conf + "disable_ipv6", network.has(Trait.IPV6) ? "0" : "1"),
                new Sysctl(conf + "accept_ra", "0"));
    }

    private static Fragment vtep(VtepRow vtep, NetworkRow network) {
        if (network.driver() != NetworkDriver.OVERLAY) {
            return new Fragment.Impossible("network " + network.name() + " is no overlay and has no VTEPs");
        }
        IpAddress address = vtep.address();
        return new Fragment.Objects(place(
                NamespaceRef.HOST,
                List.of(
                        new FloodEntry(Names.vxlan(network.id()), address),
                        new FirewallElement(FirewallSet.vteps(address.family()), address.toString()))));
    }

    private static Fragment peer(PeerRow peer, NetworkRow network) {
        if (network.driver() != NetworkDriver.OVERLAY) {
            return new Fragment.Impossible("network " + network.name() + " is no overlay and has no remote endpoints");
        }
        InterfaceName vxlan = Names.vxlan(network.id());
        List<KernelObject> objects = new ArrayList<>();
        objects.add(new TunnelEntry(vxlan, peer.mac(), peer.vtep()));
        objects.add(new PortEntry(vxlan, peer.mac()));
        for (IpAddress address : peer.interfaceAddresses()) {
            if (address.family() == IpFamily.IPV4 || network.has(Trait.IPV6)) {
                objects.add(new Neighbor(vxlan, address, peer.mac()));
            }
        }
        if (network.has(Trait.IPV6)) {
            // What speaks to an address of the link alone may do so from the one that its kernel gave it.
            objects.add(new Neighbor(vxlan, LinkLocal.of(peer.mac()), peer.mac()));
        }
        return new Fragment.Objects(place(NamespaceRef.HOST, objects));
    }

    private static Fragment sandbox(SandboxRow sandbox, RowIndex rows) {
        if (sandbox.place() instanceof SandboxPlace.Shared(String owner)) {
            return rows.sandbox(owner).map(home -> sharer(sandbox, home)).orElseGet(() -> waiting("sandbox", owner));
        }
        List<EndpointRow> endpoints = rows.endpointsOf(sandbox.id());
        List<Placed> objects = new ArrayList<>();
        objects.add(new Placed(NamespaceRef.HOST, NameRules.files(sandbox, rows)));
        NameRules.resolver(sandbox, rows)
                .ifPresent(resolver -> objects.add(new Placed(NamespaceRef.sandbox(sandbox.id()), resolver)));
        namespace(sandbox).ifPresent(namespace -> objects.add(new Placed(NamespaceRef.HOST, namespace)));
        switch (sandbox.place()) {
            case SandboxPlace.Host() -> {}
            case SandboxPlace.Managed() -> {
                NamespaceRef inside = NamespaceRef.sandbox(sandbox.id());
                objects.add(new Placed(inside, loopback()));
                // Links born here later have these: only those of networks with IPv6 need a word more.
                objects.add(new Placed(inside, new Sysctl("net/ipv6/conf/default/disable_ipv6", "1")));
                objects.add(new Placed(inside, new Sysctl("net/ipv6/conf/default/accept_ra", "0")));
            }
            case SandboxPlace.External _, SandboxPlace.Process _ -> {}
            case SandboxPlace.Shared _ -> throw new IllegalArgumentException(sandbox.id() + " has no place of its own");
        }
        objects.addAll(place(NamespaceRef.HOST, PortRules.compile(sandbox, endpoints, rows)));
        return new Fragment.Objects(objects);
    }

    /** It wants the owner's namespace as the owner does: so it stands as this does, and keeps it if it goes later. */
    private static Fragment sharer(SandboxRow sandbox, SandboxRow owner) {
        List<KernelObject> objects = new ArrayList<>();
        objects.add(SandboxFiles.ofSharer(sandbox.id()));
        namespace(owner).ifPresent(objects::add);
        return new Fragment.Objects(place(NamespaceRef.HOST, objects));
    }

    /** The namespace that is held open for a sandbox; none for one in the host's, nor in another sandbox's. */
    private static Optional<SandboxNamespace> namespace(SandboxRow sandbox) {
        return switch (sandbox.place()) {
            case SandboxPlace.Managed() -> Optional.of(new SandboxNamespace(sandbox.id(), NamespaceOrigin.OWN));
            case SandboxPlace.External(String path) ->
                Optional.of(new SandboxNamespace(sandbox.id(), new NamespaceOrigin.AtPath(path)));
            case SandboxPlace.Process(long pid, long startTime) ->
                Optional.of(new SandboxNamespace(sandbox.id(), new NamespaceOrigin.OfProcess(pid, startTime)));
            case SandboxPlace.Host(), SandboxPlace.Shared _ -> Optional.empty();
        };
    }

    private static LinkSpec loopback() {
        return new LinkSpec(
                LOOPBACK,
                new LinkKind.Loopback(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Fragment endpoint(EndpointRow endpoint, RowIndex rows) {
        Optional<NetworkRow> network = rows.network(endpoint.networkId());
        Optional<SandboxRow> sandbox = rows.sandbox(endpoint.sandboxId());
        if (network.isEmpty()) {
            return waiting("network", endpoint.networkId());
        }
        if (sandbox.isEmpty()) {
            return waiting("sandbox", endpoint.sandboxId());
        }
        return switch (network.get().driver()) {
            case HOST, NULL -> new Fragment.Objects(List.of());
            case BRIDGE -> veth(endpoint, network.get(), sandbox.get(), node.egressLimits());
            case OVERLAY ->
                node.vtep().isEmpty()
                        ? withoutVtep(network.get())
                        : veth(endpoint, network.get(), sandbox.get(), node.egressLimits());
            case MACVLAN, IPVLAN -> UplinkCompiler.endpoint(endpoint, network.get(), sandbox.get());
        };
    }

    private static Fragment veth(
            EndpointRow endpoint, NetworkRow network, SandboxRow sandbox, EgressLimits egressLimits) {
        if (!sandbox.place().takesLinks()) {
            return new Fragment.Impossible("sandbox " + sandbox.name()
                    + " has no network of its own and cannot join network " + network.name());
        }
        if (network.bridgeName().isEmpty()
                || endpoint.interfaceName().isEmpty()
                || endpoint.mac().isEmpty()) {
            return new Fragment.Impossible(
                    "endpoint " + endpoint.id() + " has no interface name, MAC or bridge in its rows");
        }
        InterfaceName hostEnd = Names.veth(endpoint.id());
        InterfaceName sandboxEnd = endpoint.interfaceName().get();
        MacAddress mac = endpoint.mac().get();
        NamespaceRef inside = NamespaceRef.sandbox(sandbox.id());

        List<Placed> objects = new ArrayList<>();
        objects.add(new Placed(
                NamespaceRef.HOST,
                new LinkSpec(
                        hostEnd,
                        new LinkKind.VethHost(sandbox.id(), sandboxEnd, mac),
                        Optional.empty(),
                        Optional.of(network.mtu()),
                        network.bridgeName(),
                        Optional.of(Names.mark("endpoint", endpoint.id())),
                        Optional.of(PortRules.port(
                                sandbox, network.has(Trait.INTER_CONTAINER_COMMUNICATION) ? OPEN_PORT : APART_PORT)))));
        objects.addAll(place(NamespaceRef.HOST, PortGuard.of(hostEnd, mac, endpoint, network)));
        // A port has no use for addresses of its own, link-local ones included.
        objects.add(new Placed(NamespaceRef.HOST, new Sysctl("net/ipv6/conf/" + hostEnd + "/disable_ipv6", "1")));
        objects.add(new Placed(
                inside,
                new LinkSpec(
                        sandboxEnd,
                        new LinkKind.VethSandbox(hostEnd),
                        Optional.of(mac),
                        Optional.of(network.mtu()),
                        Optional.empty(),
                        Optional.of(Names.mark("endpoint", endpoint.id())),
                        Optional.empty())));
        if (network.has(Trait.IPV6) || sandbox.place().isForeign()) {
            objects.addAll(place(inside, ipv6Settings(sandboxEnd, network)));
        }
        endpoint.bandwidth()
                .ingress()
                .ifPresent(rate -> objects.add(new Placed(NamespaceRef.HOST, Shaping.of(hostEnd, rate))));
        endpoint.bandwidth().egress().ifPresent(rate -> {
            switch (egressLimits) {
                case ON_HOST ->
                    objects.addAll(place(NamespaceRef.HOST, LimitRules.egressOnHost(endpoint, network, rate)));
                case IN_SANDBOX -> objects.add(new Placed(inside, Shaping.of(sandboxEnd, rate)));
            }
        });
        objects.addAll(place(inside, endpoint.sysctls()));
        for (InterfaceAddress address : endpoint.interfaceAddresses()) {
            objects.add(new Placed(inside, new LinkAddress(sandboxEnd, address)));
        }
        for (IpAddress gateway : endpoint.gateways()) {
            objects.add(new Placed(inside, new Route(everywhere(gateway.family()), gateway, sandboxEnd)));
        }
        return new Fragment.Objects(objects);
    }

    static Cidr everywhere(IpFamily family) {
        return Cidr.parse(
                switch (family) {
                    case IPV4 -> "0.0.0.0/0";
                    case IPV6 -> "::/0";
                });
    }

    private static List<Placed> place(NamespaceRef namespace, List<? extends KernelObject> objects) {
        return objects.stream()
                .map(object -> new Placed(namespace, (KernelObject) object))
                .toList();
    }
}
