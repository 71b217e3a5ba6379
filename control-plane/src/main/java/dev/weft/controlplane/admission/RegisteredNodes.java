package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The nodes that there are. Asked, rather than copied: a cluster may have thousands. */
public interface RegisteredNodes {

    boolean contains(NodeName node);

    int count();

    /** The first by name, at most so many. */
    List<NodeName> first(int limit);

    /** Since when the node takes no new sandbox; empty of one that takes them. */
    Optional<Instant> drainedSince(NodeName node);

    /** These, of which none is drained. */
    static RegisteredNodes of(Set<NodeName> nodes) {
        return of(nodes, Map.of());
    }

    /** @param drained since when */
    static RegisteredNodes of(Set<NodeName> nodes, Map<NodeName, Instant> drained) {
        record Fixed(TreeSet<NodeName> nodes, Map<NodeName, Instant> drained) implements RegisteredNodes {
            @Override
            public boolean contains(NodeName node) {
                return nodes.contains(node);
            }

            @Override
            public int count() {
                return nodes.size();
            }

            @Override
            public List<NodeName> first(int limit) {
                return nodes.stream().limit(limit).toList();
            }

            @Override
            public Optional<Instant> drainedSince(NodeName node) {
                return Optional.ofNullable(drained.get(node));
            }
        }
        return new Fixed(new TreeSet<>(nodes), Map.copyOf(drained));
    }
}
