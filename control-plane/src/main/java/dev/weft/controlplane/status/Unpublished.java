package dev.weft.controlplane.status;

import dev.weft.controlplane.model.NodeName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes of which the other replicas have not been told the newest, and when they should be. What somebody may wait for
 * is told soon; that a node is as far as the store may wait, since every change of a large network touches every node
 * on it. Not safe for concurrent use.
 */
final class Unpublished {

    /** How long what somebody may wait for waits: changes that come together are told together. */
    static final Duration SOON = Duration.ofMillis(20);

    /** How long everything else waits. */
    static final Duration LATER = Duration.ofSeconds(5);

    private final Map<NodeName, Long> due = new HashMap<>();

    void soon(NodeName node, long nowNanos) {
        note(node, nowNanos + SOON.toNanos());
    }

    void later(NodeName node, long nowNanos) {
        note(node, nowNanos + LATER.toNanos());
    }

    private void note(NodeName node, long nanos) {
        due.merge(node, nanos, (one, other) -> one - other < 0 ? one : other);
    }

    /** Takes those whose time has come. */
    List<NodeName> take(long nowNanos) {
        List<NodeName> taken = due.entrySet().stream()
                .filter(entry -> entry.getValue() - nowNanos <= 0)
                .map(Map.Entry::getKey)
                .toList();
        taken.forEach(due::remove);
        return taken;
    }
}
