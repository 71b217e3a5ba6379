package dev.weft.controlplane.admission;

import java.util.List;
import java.util.function.Supplier;

/** Whether a request may be carried out. */
public sealed interface Admission<T> {

    /** It may, in this form. */
    record Admitted<T>(T value) implements Admission<T> {}

    /**
     * It may not.
     *
     * @param violations all of them, at least one
     */
    record Rejected<T>(List<Violation> violations) implements Admission<T> {
        public Rejected {
            violations = List.copyOf(violations);
            if (violations.isEmpty()) {
                throw new IllegalArgumentException("a rejection has at least one violation");
            }
        }
    }

    /** Admits what the supplier makes, which runs only if there is no violation. */
    static <T> Admission<T> of(Violations violations, Supplier<T> value) {
        return violations.isEmpty() ? new Admitted<>(value.get()) : new Rejected<>(violations.list());
    }
}
