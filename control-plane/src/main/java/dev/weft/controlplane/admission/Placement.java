package dev.weft.controlplane.admission;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.NodeName;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which node a local object goes to. */
final class Placement {

    /** So many nodes are named to somebody who has to choose. */
    private static final int SHOWN = 20;

    private Placement() {}

    /**
     * The node named, else the one that the request comes through, else the only one.
     *
     * @return empty with a violation added
     */
    static Optional<NodeName> choose(
            String field, String text, Optional<NodeName> viaNode, RegisteredNodes nodes, Violations violations) {
        if (text.isEmpty() && viaNode.isEmpty()) {
            if (nodes.count() == 1) {
                return Optional.of(nodes.first(1).getFirst());
            }
            violations.add(
                    field,
                    Reason.NODE_REQUIRED,
                    nodes.count() == 0
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
                            + (nodes.count() == 0
                                    ? ": no node has registered yet"
                                    : "; the nodes are: " + listed(nodes)));
            return Optional.empty();
        }
        return Optional.of(node);
    }

    /** A drained node takes no new sandbox, whoever asks. */
    static void refuseDrained(String field, NodeName node, RegisteredNodes nodes, Violations violations) {
        nodes.drainedSince(node)
                .ifPresent(since -> violations.add(
                        field,
                        Reason.NODE_DRAINED,
                        "node " + node + " is drained since " + since.truncatedTo(ChronoUnit.SECONDS)
                                + " and takes no new sandboxes; choose another, or end it with weft node drain --undo "
                                + node));
    }

    private static String listed(RegisteredNodes nodes) {
        String some = nodes.first(SHOWN).stream().map(NodeName::value).collect(Collectors.joining(", "));
        return nodes.count() > SHOWN ? some + ", … (" + nodes.count() + " in all)" : some;
    }
}
