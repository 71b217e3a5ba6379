package dev.weft.controlplane.admission;

import dev.weft.controlplane.admission.Violation.Reason;
import java.util.ArrayList;
import java.util.List;

/** Collects violations while a request is looked through to its end. */
public final class Violations {

    private static final int SHOWN = 80;

    private final List<Violation> list = new ArrayList<>();

    public void add(String field, Reason reason, String message) {
        list.add(new Violation(field, reason, message));
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    /** In the order in which they were found. */
    public List<Violation> list() {
        return List.copyOf(list);
    }

    /** A user's text as messages may repeat it: short, and without what moves a terminal's cursor. */
    public static String shown(String text) {
        String printable = text.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.codePoints().count() > SHOWN ? printable + "…" : printable;
    }
}
