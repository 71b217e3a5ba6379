package dev.weft.node.model;

import java.util.Comparator;
import java.util.Locale;

/**
 * Names a row for its whole life.
 *
 * @param id network, sandbox or endpoint id; for a VTEP {@code <network id>/<node>}
 */
public record RowKey(RowKind kind, String id) implements Comparable<RowKey> {

    private static final Comparator<RowKey> ORDER =
            Comparator.comparing(RowKey::kind).thenComparing(RowKey::id);

    @Override
    public int compareTo(RowKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + id;
    }
}
