package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** Makes each kind of row from what it depends on. */
final class RowFactory {

    /** Docker's is docker0. */
    private static final InterfaceName DEFAULT_BRIDGE = new InterfaceName("weft0");

    /** Name of the network that each node has from the start. */
    private static final String DEFAULT_NETWORK = "bridge";

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
                network.driver() == Driver.OVERLAY ? Optional.of(anycastMac(network.id())) : Optional.empty(),
                network.options());
    }

    static Row.VtepRow vtep(Versioned<Network> network, Node node) {
        return new Row.VtepRow(
                network.value().id(),
                node.name(),
                network.modRevision(),
                node.facts().vtep());
    }

    /** Empty for an endpoint that has nothing on the wire. */
    static Optional<Row.PeerRow> peer(Versioned<Endpoint> endpoint, Node node) {
        return endpoint.value()
                .link()
                .map(link -> new Row.PeerRow(
                        endpoint.value().id(),
                        endpoint.modRevision(),
                        endpoint.value().network(),
                        link.mac(),
                        link.addresses().stream().map(InterfaceAddress::address).toList(),
                        node.facts().vtep()));
    }

    static Row.SandboxRow sandbox(Versioned<Sandbox> versioned) {
        Sandbox sandbox = versioned.value();
        return new Row.SandboxRow(
                sandbox.id(), versioned.modRevision(), sandbox.name(), sandbox.mode(), sandbox.hostname());
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
        return hasNetwork && hasSandbox
                ? Optional.of(new Row.EndpointRow(
                        endpoint.id(),
                        versioned.modRevision(),
                        endpoint.network(),
                        endpoint.sandbox(),
                        endpoint.link(),
                        DefaultRoutes.providedBy(view, endpoint),
                        endpoint.aliases(),
                        endpoint.driverOptions()))
                : Optional.empty();
    }

    private static Mtu mtu(Network network, Collection<Node> participants) {
        return switch (network.driver()) {
            case BRIDGE -> PathMtu.local(network);
            case OVERLAY -> PathMtu.overlay(network, participants);
            case HOST, NULL -> Mtu.ETHERNET;
        };
    }

    private static Set<Row.NetworkTrait> traits(Network network) {
        EnumSet<Row.NetworkTrait> traits = EnumSet.noneOf(Row.NetworkTrait.class);
        if (!network.driver().hasAddresses()) {
            return traits;
        }
        if (DriverOptions.isOn(network, DriverOptions.INTER_CONTAINER_COMMUNICATION)) {
            traits.add(Row.NetworkTrait.INTER_CONTAINER_COMMUNICATION);
        }
        if (network.has(Network.Trait.INTERNAL)) {
            traits.add(Row.NetworkTrait.INTERNAL);
        } else if (DriverOptions.isOn(network, DriverOptions.MASQUERADE)) {
            traits.add(Row.NetworkTrait.MASQUERADE);
        }
        return traits;
    }

    private static Optional<InterfaceName> bridgeName(Network network) {
        return switch (network.driver()) {
            case BRIDGE ->
                DriverOptions.bridgeName(network)
                        .or(() -> Optional.of(
                                network.has(Network.Trait.PREDEFINED)
                                                && network.name().equals(DEFAULT_NETWORK)
                                        ? DEFAULT_BRIDGE
                                        : generatedName(network.id())));
            case OVERLAY -> Optional.of(generatedName(network.id()));
            case HOST, NULL -> Optional.empty();
        };
    }

    private static InterfaceName generatedName(NetworkId id) {
        return new InterfaceName("br-" + id.shortId());
    }

    /**
     * An overlay's gateway has one MAC on all nodes, so that a workload's neighbor entry stays right wherever it sends
     * from. 06 is unicast and locally administered (IEEE 802), and not the 02 that endpoint MACs begin with.
     */
    private static MacAddress anycastMac(NetworkId id) {
        byte[] bytes = HexFormat.of().parseHex("06" + id.value().substring(0, 10));
        return MacAddress.ofBytes(bytes);
    }
}
