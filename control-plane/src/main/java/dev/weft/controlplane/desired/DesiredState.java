package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one node should have. A function of the cluster's present state and nothing else; what refers to something that
 * does not exist is left out.
 *
 * <p>A node gets
 *
 * <ul>
 *   <li>all its own local networks but configuration networks, with or without endpoints: like docker0, the bridge of a
 *       network is on the host from the network's creation on, and can be routed to, sniffed and given rules before
 *       anything is attached;
 *   <li>a global network only while an endpoint of it is on the node (Docker's overlay is as lazy), and with it the VTEPs
 *       of the other nodes that take part and their endpoints as peers: what a thousand nodes do not use costs them
 *       nothing;
 *   <li>its own sandboxes and endpoints.
 * </ul>
 */
public final class DesiredState {

    private DesiredState() {}

    /** All rows of a node, what is referred to first. */
    public static SortedMap<RowKey, Row> forNode(ClusterView view, NodeName node) {
        SortedMap<RowKey, Row> rows = new TreeMap<>();
        Stream.of(localNetworks(view, node), globalNetworks(view, node), ownWorkloads(view, node))
                .flatMap(part -> part)
                .forEach(row -> rows.put(row.key(), row));
        return rows;
    }

    private static Stream<Row> localNetworks(ClusterView view, NodeName node) {
        return view.networks().stream()
                .filter(network -> network.value().node().filter(node::equals).isPresent())
                .filter(network -> !network.value().isConfigurationOnly())
                .map(network -> RowFactory.network(network, List.of()));
    }

    private static Stream<Row> globalNetworks(ClusterView view, NodeName node) {
        return view.endpointsOn(node).stream()
                .map(endpoint -> endpoint.value().network())
                .distinct()
                .flatMap(id -> view.network(id).stream())
                .filter(network -> network.value().node().isEmpty())
                .flatMap(network -> globalNetwork(view, network, node));
    }

    private static Stream<Row> globalNetwork(ClusterView view, Versioned<Network> network, NodeName node) {
        NetworkId id = network.value().id();
        Collection<Node> participants = participants(view, id);
        Stream<Row> vteps = participants.stream()
                .filter(other -> !other.name().equals(node))
                .flatMap(other -> RowFactory.vtep(network, other).stream());
        Stream<Row> peers = view.endpointsOf(id).stream()
                .filter(endpoint -> !endpoint.value().node().equals(node))
                .flatMap(endpoint -> peer(view, endpoint));
        return Stream.of(Stream.of((Row) RowFactory.network(network, participants)), vteps, peers)
                .flatMap(part -> part);
    }

    private static Stream<Row> peer(ClusterView view, Versioned<Endpoint> endpoint) {
        return view
                .node(endpoint.value().node())
                .flatMap(node -> RowFactory.peer(view, endpoint, node.value()))
                .map(row -> (Row) row)
                .stream();
    }

    private static Stream<Row> ownWorkloads(ClusterView view, NodeName node) {
        Stream<Row> sandboxes = view.sandboxesOn(node).stream().map(RowFactory::sandbox);
        Stream<Row> endpoints =
                view.endpointsOn(node).stream().flatMap(endpoint -> RowFactory.endpoint(view, endpoint).stream());
        return Stream.concat(sandboxes, endpoints);
    }

    private static List<Node> participants(ClusterView view, NetworkId network) {
        return view.endpointsOf(network).stream()
                .map(endpoint -> endpoint.value().node())
                .distinct()
                .flatMap(name -> view.node(name).stream())
                .map(Versioned::value)
                .toList();
    }
}
