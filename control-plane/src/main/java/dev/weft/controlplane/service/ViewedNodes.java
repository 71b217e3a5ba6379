package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.RegisteredNodes;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.state.ClusterView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The nodes of a view, for as long as that may be used. */
record ViewedNodes(ClusterView view) implements RegisteredNodes {

    @Override
    public boolean contains(NodeName node) {
        return view.node(node).isPresent();
    }

    @Override
    public int count() {
        return view.nodes().size();
    }

    @Override
    public List<NodeName> first(int limit) {
        return view.nodes().stream()
                .limit(limit)
                .map(node -> node.value().name())
                .toList();
    }

    @Override
    public Optional<Instant> drainedSince(NodeName node) {
        return view.node(node).map(found -> found.value()).flatMap(Node::drainTime);
    }
}
