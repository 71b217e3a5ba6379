package dev.weft.controlplane.admission;

/** What a reference (full id, name, or unique prefix of an id, tried in that order) leads to. */
public sealed interface Resolution<T> {

    record Found<T>(T value) implements Resolution<T> {}

    record NotFound<T>() implements Resolution<T> {}

    /** Several fit. */
    record Ambiguous<T>(int matches, Basis basis) implements Resolution<T> {}

    /** What several objects have in common. */
    enum Basis {
        NAME("name"),
        ID_PREFIX("ID prefix");

        private final String text;

        Basis(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
