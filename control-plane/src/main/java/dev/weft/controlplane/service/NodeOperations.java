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

    /** Whether a removal goes on although somebody may miss what goes. */
    public enum Force {
        NO,
        YES
    }

    /**
     * A node that was removed, and what went with it; zeros where an earlier request with the same id did it.
     *
     * @param networks those that users made
     */
    public record Removed(NodeName name, int sandboxes, int endpoints, int networks) {}

    /** From now on no new sandbox comes to the node. */
    public Details drain(Call call, String name) {
        return drain(call, name, DrainNode.Step.BEGIN);
    }

    /** New sandboxes may come again. */
    public Details endDrain(Call call, String name) {
        return drain(call, name, DrainNode.Step.END);
    }

    private Details drain(Call call, String name, DrainNode.Step step) {
        if (name.isEmpty()) {
            throw ServiceException.invalid("node", "no node named");
        }
        Node node = core.transactor().run(call, new DrainNode(core, name, step)).result();
        Details details = core.reads()
                .current(view -> details(view, References.node(view, node.name().value())));
        return call.mode() == Call.Mode.VALIDATE_ONLY
                ? new Details(
                        new Versioned<>(node, details.node().modRevision()),
                        details.liveness(),
                        details.sandboxes(),
                        details.endpoints(),
                        details.limits())
                : details;
    }

    /**
     * Removes a node with the networks that it has had from the start.
     *
     * @param force with it also a connected node, and one with sandboxes and networks, which go first
     * @throws ServiceException with {@link Reason#NODE_CONNECTED} or {@link Reason#NODE_IN_USE} if that is in the way
     */
    public Removed remove(Call call, String name, Force force) {
        return new NodeRemover(core).remove(call, name, force);
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
