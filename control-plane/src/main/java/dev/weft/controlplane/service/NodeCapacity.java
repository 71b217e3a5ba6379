package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.Capacity;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.state.ClusterView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How much of its nodes' limits the cluster uses. Counted on the replica: requests at the same moment may pass a limit
 * together, and then the kernel's own refusal is reported.
 */
final class NodeCapacity {

    private NodeCapacity() {}

    /** @throws ServiceException if the node has no room for one more sandbox of the mode */
    static void requireSandbox(ClusterView view, NodeName name, Sandbox.Mode mode) {
        view.node(name).ifPresent(node -> {
            if (mode instanceof Sandbox.Mode.Managed) {
                Capacity.namespaces(node.value(), managed(view, name)).ifPresent(NodeCapacity::require);
            }
            Capacity.files(node.value(), view.sandboxesOn(name).size()).ifPresent(NodeCapacity::require);
        });
    }

    /** @throws ServiceException if the node has no room for one more endpoint of the network */
    static void requireEndpoint(ClusterView view, NodeName name, Network network) {
        view.node(name).ifPresent(node -> {
            long there = view.endpointsOn(name).stream()
                    .filter(endpoint -> endpoint.value().network().equals(network.id()))
                    .count();
            Capacity.bridge(network, node.value(), there).ifPresent(NodeCapacity::require);
            if (network.driver().hasAddresses()) {
                Capacity.neighbors(node.value(), addressed(view, name)).ifPresent(NodeCapacity::require);
            }
        });
    }

    /** What is used of each limit that the node tells of. */
    static List<Capacity.Use> uses(ClusterView view, Node node, long trackedConnections) {
        return Stream.of(
                        Capacity.namespaces(node, managed(view, node.name())).stream(),
                        Capacity.files(node, view.sandboxesOn(node.name()).size()).stream(),
                        Capacity.neighbors(node, addressed(view, node.name())).stream(),
                        Capacity.trackedConnections(node, trackedConnections).stream())
                .flatMap(uses -> uses)
                .toList();
    }

    private static long addressed(ClusterView view, NodeName node) {
        return view.endpointsOn(node).stream()
                .filter(endpoint -> endpoint.value().link().isPresent())
                .count();
    }

    private static long managed(ClusterView view, NodeName node) {
        return view.sandboxesOn(node).stream()
                .filter(sandbox -> sandbox.value().mode() instanceof Sandbox.Mode.Managed)
                .count();
    }

    private static void require(Capacity.Use use) {
        Optional<String> refusal = use.refusal();
        if (refusal.isPresent()) {
            throw new ServiceException(Reason.NODE_FULL, refusal.get())
                    .with("used", Long.toString(use.used()))
                    .with("limit", Long.toString(use.allowed()));
        }
    }
}
