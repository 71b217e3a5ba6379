package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.NodeName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rows that one step changed, by node.
 *
 * @param revision of the cluster's state after the step
 * @param byNode nodes without a change are absent
 */
public record RowChanges(long revision, SortedMap<NodeName, SortedMap<RowKey, RowChange>> byNode) {

    /** Collects changes; of several to one row on one node the last counts. */
    static final class Builder {

        private final SortedMap<NodeName, SortedMap<RowKey, RowChange>> byNode = new TreeMap<>();

        /** Notes the step from one row to the other, if it is one. */
        void move(NodeName node, RowKey key, Optional<? extends Row> before, Optional<? extends Row> after) {
            if (before.equals(after)) {
                return;
            }
            RowChange change = after.<RowChange>map(RowChange.Updated::new).orElseGet(() -> new RowChange.Removed(key));
            byNode.computeIfAbsent(node, _ -> new TreeMap<>()).put(key, change);
        }

        RowChanges build(long revision) {
            return new RowChanges(revision, Collections.unmodifiableSortedMap(byNode));
        }
    }
}
