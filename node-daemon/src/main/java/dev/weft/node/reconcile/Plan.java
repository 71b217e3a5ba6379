package dev.weft.node.reconcile;

import dev.weft.node.kernel.KernelKey;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.Operation;
import java.util.Comparator;
import java.util.List;

/**
 * What to do, in order.
 *
 * @param conflicts what cannot be done, because something of others' is in the way
 */
public record Plan(List<Step> steps, List<Conflict> conflicts) {

    public Plan {
        steps = steps.stream().sorted(Step.ORDER).toList();
        conflicts = conflicts.stream()
                .sorted(Comparator.comparing(Conflict::subject))
                .toList();
    }

    /** An operation and where to run it. */
    public record Step(NamespaceRef namespace, Operation operation) {

        private static final Comparator<Step> ORDER = Comparator.comparing(
                        (Step step) -> step.operation().phase())
                .thenComparing(Step::namespace)
                .thenComparing(step -> step.operation().subject(), KernelKey.ORDER);

        public ObjectRef subject() {
            return new ObjectRef(namespace, operation.subject());
        }
    }

    /** An object that cannot be made. */
    public record Conflict(ObjectRef subject, String problem) {}

    public boolean isEmpty() {
        return steps.isEmpty() && conflicts.isEmpty();
    }
}
