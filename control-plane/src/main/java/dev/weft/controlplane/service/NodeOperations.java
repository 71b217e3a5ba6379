package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.Capacity;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.status.NodeLiveness;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What users ask about nodes. */
public final class NodeOperations {

    private final Core core;

    NodeOperations(Core core) {
        this.core = core;
    }

    /** A node, how it is, and how much is on it. */
    public record Details(
            Versioned<Node> node, NodeLiveness liveness, int sandboxes, int endpoints, List<Capacity.Use> limits) {}

    /**
     * @param name empty for the one that the request comes through, or the only one
     */
    public Details get(String name, Optional<NodeName> viaNode) {
        return core.reads().current(view -> details(view, References.chooseNode(view, name, viaNode)));
    }

    /** Nodes in name order. */
    public Listed<Details> list() {
        return core.reads()
                .now(view -> new Listed<>(
                        view.nodes().stream()
                                .map(node -> details(view, node))
                                .sorted(Comparator.comparing(
                                        details -> details.node().value().name()))
                                .toList(),
                        view.revision()));
    }

    private Details details(ClusterView view, Versioned<Node> node) {
        NodeName name = node.value().name();
        NodeLiveness liveness = core.status().node(name);
        return new Details(
                node,
                liveness,
                view.sandboxesOn(name).size(),
                view.endpointsOn(name).size(),
                NodeCapacity.uses(view, node.value(), liveness.trackedConnections()));
    }
}
