package dev.weft.controlplane.admission;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Node;
import java.util.Collection;
import java.util.stream.Collectors;

/** Whether a node may be removed without force. */
public final class NodeRemoval {

    /** How many sandboxes or networks the refusal names. */
    private static final int NAMED = 10;

    private NodeRemoval() {}

    /**
     * What is in the way of a removal.
     *
     * @param connected whether the node's daemon is there
     * @param sandboxes names of those on the node
     * @param networks names of its local networks that users made
     */
    public record Occupation(boolean connected, Collection<String> sandboxes, Collection<String> networks) {}

    public static Admission<Node> admit(Node node, Occupation occupation) {
        Violations violations = new Violations();
        String refusal = "node " + node.name() + " cannot be removed: ";
        if (occupation.connected()) {
            violations.add(
                    "node",
                    Reason.NODE_CONNECTED,
                    refusal + "it is connected; stop weft-node there first, or use --force");
        }
        if (!occupation.sandboxes().isEmpty()) {
            violations.add(
                    "node",
                    Reason.NODE_IN_USE,
                    refusal + "it has " + listed("sandbox", "sandboxes", occupation.sandboxes())
                            + "; remove these first, or use --force");
        }
        if (!occupation.networks().isEmpty()) {
            violations.add(
                    "node",
                    Reason.NODE_IN_USE,
                    refusal + "it has " + listed("network", "networks", occupation.networks())
                            + "; remove these first, or use --force");
        }
        return Admission.of(violations, () -> node);
    }

    private static String listed(String one, String several, Collection<String> names) {
        String some = names.stream().sorted().limit(NAMED).collect(Collectors.joining(", "));
        return (names.size() == 1 ? one : several) + " " + some
                + (names.size() > NAMED ? ", … (" + names.size() + " in all)" : "");
    }
}
