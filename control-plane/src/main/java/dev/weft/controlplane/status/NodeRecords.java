package dev.weft.controlplane.status;

import dev.weft.controlplane.cluster.NodeObservation;
import dev.weft.controlplane.model.NodeName;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What is known of all nodes: of those whose streams this replica has, by their own reports; of the others, by what the
 * replica that has the stream tells. Of two accounts the one of the later registration counts. Guarded by the board's
 * lock.
 */
final class NodeRecords {

    private final String self;
    private final Map<NodeName, NodeRecord> nodes = new HashMap<>();
    private final Unpublished unpublished = new Unpublished();
    private long distributedRevision = -1;

    /** @param self this replica's name */
    NodeRecords(String self) {
        this.self = self;
    }

    /** For reading only: whoever asks for a node that never was leaves nothing behind. */
    NodeRecord known(NodeName name) {
        return Optional.ofNullable(nodes.get(name)).orElseGet(NodeRecord::new);
    }

    private NodeRecord record(NodeName name) {
        return nodes.computeIfAbsent(name, _ -> new NodeRecord());
    }

    long distributedRevision() {
        return distributedRevision;
    }

    void distributed(long revision) {
        distributedRevision = revision;
    }

    void connected(NodeName node, long registeredAt, Instant now) {
        // Else the node has dialled another replica since, and this stream is about to end.
        if (known(node).registeredAt() <= registeredAt) {
            record(node).connect(registeredAt, now);
            soon(node);
        }
    }

    /** What a stream says counts as long as the node is not known to have dialled another replica since. */
    void here(NodeName node, Consumer<NodeRecord> step) {
        if (known(node).elsewhere().isEmpty()) {
            step.accept(record(node));
        }
    }

    /** The other replicas are told soon: somebody may wait for it there. */
    void soon(NodeName node) {
        unpublished.soon(node, System.nanoTime());
    }

    /** The other replicas are told with the next such news. */
    void later(NodeName node) {
        unpublished.later(node, System.nanoTime());
    }

    /** A revision that brought the node nothing is applied once everything before it is. */
    boolean hasApplied(NodeName name, long revision) {
        NodeRecord node = known(name);
        long settled = node.elsewhere().isPresent() ? node.settledElsewhere() : settled(node);
        return node.connected() && settled > 0 && settled >= revision;
    }

    private long settled(NodeRecord node) {
        if (node.desiredRevision() == 0) {
            return 0;
        }
        return node.appliedRevision() >= node.desiredRevision() ? distributedRevision : node.appliedRevision();
    }

    /** The other replicas that have streams. */
    Set<String> elsewhere() {
        return nodes.values().stream()
                .filter(NodeRecord::connected)
                .flatMap(node -> node.elsewhere().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    void observed(NodeObservation observation) {
        if (!observation.replica().equals(self) && known(observation.node()).isOlderThan(observation)) {
            nodes.put(observation.node(), NodeRecord.of(observation));
        }
    }

    /** Nodes whose streams the replica had have none until they dial another. */
    void left(String replica, Instant ifNeverSeen) {
        nodes.values().stream()
                .filter(node -> node.connected()
                        && node.elsewhere().filter(replica::equals).isPresent())
                .forEach(node -> node.disconnect(node.lastSeen().orElse(ifNeverSeen)));
    }

    void publishAgain() {
        nodes.forEach((name, node) -> {
            if (node.elsewhere().isEmpty() && node.registeredAt() > 0) {
                soon(name);
            }
        });
    }

    List<NodeName> takeUnpublished() {
        return unpublished.take(System.nanoTime());
    }

    /** For the other replicas, of those of the nodes that this one observes. */
    List<NodeObservation> observations(List<NodeName> of) {
        return of.stream()
                .filter(node -> known(node).elsewhere().isEmpty())
                .map(node -> known(node).observation(node, self, settled(known(node))))
                .toList();
    }
}
