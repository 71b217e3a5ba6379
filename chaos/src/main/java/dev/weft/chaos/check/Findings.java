package dev.weft.chaos.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What one check looked at, and what was wrong. */
final class Findings {

    private int looked;
    private final List<String> wrong = new ArrayList<>();

    /** @param otherwise says what was expected and what was found */
    void expect(boolean condition, Supplier<String> otherwise) {
        looked++;
        if (!condition) {
            wrong.add(otherwise.get());
        }
    }

    /** That two sets are the same; counts as many looks as the expected one has elements, and one for what should not be there. */
    void same(String what, Collection<String> expected, Collection<String> found) {
        looked += expected.size() + 1;
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(found);
        Set<String> extra = new TreeSet<>(found);
        extra.removeAll(expected);
        if (!missing.isEmpty()) {
            wrong.add(what + ": missing " + missing);
        }
        if (!extra.isEmpty()) {
            wrong.add(what + ": should not be there: " + extra);
        }
    }

    int looked() {
        return looked;
    }

    List<String> wrong() {
        return List.copyOf(wrong);
    }
}
