package dev.weft.controlplane.desired;

import dev.weft.controlplane.ipam.MacAddresses;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Uplink;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.Mtu;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Makes each kind of row from what it depends on. */
final class RowFactory {

    private RowFactory() {}

    /**
     * A network's row.
     *
     * @param participants for a global network the nodes that take part, as far as they are known
     */
    static Row.NetworkRow network(Versioned<Network> versioned, Collection<Node> participants) {
        Network network = versioned.value();
        return new Row.NetworkRow(
                network.id(),
                versioned.modRevision(),
                network.name(),
                network.driver(),
                network.families(),
                network.subnets(),
                mtu(network, participants),
                traits(network),
                bridgeName(network),
                network.driver() == Driver.OVERLAY ? Optional.of(MacAddresses.gateway(network.id())) : Optional.empty(),
                network.options(),
                Uplink.of(network));
    }

    /** Empty for a node that has no tunnel address. */
    static Optional<Row.VtepRow> vtep(Versioned<Network> network, Node node) {
        return node.facts()
                .vtep()
                .map(address -> new Row.VtepRow(network.value().id(), node.name(), network.modRevision(), address));
    }

    /** Empty for an endpoint that has nothing on the wire. */
    static Optional<Row.PeerRow> peer(ClusterView view, Versioned<Endpoint> endpoint, Node node) {
        return endpoint.value()
                .link()
                .flatMap(link -> link.mac()
                        .flatMap(mac -> node.facts()
                                .vtep()
                                .map(vtep -> new Row.PeerRow(
                                        endpoint.value().id(),
                                        endpoint.modRevision(),
                                        endpoint.value().network(),
                                        mac,
                                        link.addresses().stream()
                                                .map(InterfaceAddress::address)
                                                .toList(),
                                        vtep,
                                        EndpointNames.of(view, endpoint.value()),
                                        link.linkLocal()))));
    }

    static Row.SandboxRow sandbox(Versioned<Sandbox> versioned) {
        Sandbox sandbox = versioned.value();
        return new Row.SandboxRow(
                sandbox.id(),
                versioned.modRevision(),
                sandbox.name(),
                sandbox.mode(),
                sandbox.hostname(),
                sandbox.ports(),
                sandbox.nameSettings());
    }

    /** Empty while the endpoint's network or sandbox does not exist, or is another node's. */
    static Optional<Row.EndpointRow> endpoint(ClusterView view, Versioned<Endpoint> versioned) {
        Endpoint endpoint = versioned.value();
        boolean hasNetwork = view.network(endpoint.network())
                .flatMap(network -> network.value().node().or(() -> Optional.of(endpoint.node())))
                .filter(endpoint.node()::equals)
                .isPresent();
        boolean hasSandbox = view.sandbox(endpoint.sandbox())
                .filter(sandbox -> sandbox.value().node().equals(endpoint.node()))
                .isPresent();
        // Without an address it is no concern of the node's yet, nor in the host's namespace at all.
        boolean isOnNetwork =
                endpoint.fallback().fallen().isEmpty() || endpoint.link().isPresent();
        return hasNetwork && hasSandbox && isOnNetwork
                ? Optional.of(new Row.EndpointRow(
                        endpoint.id(),
                        versioned.modRevision(),
                        endpoint.network(),
                        endpoint.sandbox(),
                        endpoint.link(),
                        DefaultRoutes.providedBy(view, endpoint),
                        endpoint.aliases(),
                        endpoint.driverOptions(),
                        EndpointNames.of(view, endpoint),
                        endpoint.gatewayPriority(),
                        endpoint.bandwidth()))
                : Optional.empty();
    }

    private static Mtu mtu(Network network, Collection<Node> participants) {
        return switch (network.driver()) {
            case BRIDGE, MACVLAN, IPVLAN -> PathMtu.local(network);
            case OVERLAY -> PathMtu.overlay(network, participants);
            case HOST, NULL -> Mtu.ETHERNET;
        };
    }

    private static Set<Row.NetworkTrait> traits(Network network) {
        EnumSet<Row.NetworkTrait> traits = EnumSet.noneOf(Row.NetworkTrait.class);
        if (!network.driver().hasAddresses()) {
            return traits;
        }
        if (NetworkOptions.connectsEndpoints(network)) {
            traits.add(Row.NetworkTrait.INTER_CONTAINER_COMMUNICATION);
        }
        if (network.has(Network.Trait.INTERNAL)) {
            traits.add(Row.NetworkTrait.INTERNAL);
        }
        if (!network.driver().sharesWire() && NetworkOptions.masquerades(network)) {
            traits.add(Row.NetworkTrait.MASQUERADE);
        }
        if (EndpointNames.has(network)) {
            traits.add(Row.NetworkTrait.NAME_SERVICE);
        }
        return traits;
    }

    private static Optional<InterfaceName> bridgeName(Network network) {
        return switch (network.driver()) {
            case BRIDGE, OVERLAY -> Optional.of(NetworkOptions.bridgeName(network));
            case MACVLAN, IPVLAN, HOST, NULL -> Optional.empty();
        };
    }
}
