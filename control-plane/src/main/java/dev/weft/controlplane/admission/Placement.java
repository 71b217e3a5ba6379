package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.NodeName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which node a local object goes to. */
final class Placement {

    private Placement() {}

    /**
     * The node named, else the one that the request comes through, else the only one.
     *
     * @return empty with a violation added
     */
    static Optional<NodeName> choose(
            String field, String text, Optional<NodeName> viaNode, Set<NodeName> nodes, Violations violations) {
        if (text.isEmpty() && viaNode.isEmpty()) {
            if (nodes.size() == 1) {
                return Optional.of(nodes.iterator().next());
            }
            violations.add(
                    field,
                    Reason.NODE_REQUIRED,
                    nodes.isEmpty()
                            ? "no node has registered yet: start a node daemon first"
                            : "say which node is meant, one of: " + listed(nodes));
            return Optional.empty();
        }
        NodeName node;
        try {
            node = text.isEmpty() ? viaNode.orElseThrow() : new NodeName(text);
        } catch (IllegalArgumentException e) {
            violations.add(
                    field,
                    Reason.MALFORMED,
                    "invalid node name '" + shown(text)
                            + "': it should be 1 to 63 lower-case letters, digits, '-' and '.'");
            return Optional.empty();
        }
        if (!nodes.contains(node)) {
            violations.add(
                    field,
                    Reason.NODE_NOT_FOUND,
                    "node " + node + " not found"
                            + (nodes.isEmpty() ? ": no node has registered yet" : "; the nodes are: " + listed(nodes)));
            return Optional.empty();
        }
        return Optional.of(node);
    }

    /** A drained node takes no new sandbox, whoever asks. */
    static void refuseDrained(String field, NodeName node, Map<NodeName, Instant> drained, Violations violations) {
        Instant since = drained.get(node);
        if (since != null) {
            violations.add(
                    field,
                    Reason.NODE_DRAINED,
                    "node " + node + " is drained since " + since.truncatedTo(ChronoUnit.SECONDS)
                            + " and takes no new sandboxes; choose another, or end it with weft node drain --undo "
                            + node);
        }
    }

    private static String listed(Set<NodeName> nodes) {
        String some = nodes.stream().sorted().limit(20).map(NodeName::value).collect(Collectors.joining(", "));
        return nodes.size() > 20 ? some + ", … (" + nodes.size() + " in all)" : some;
    }
}
