package dev.weft.controlplane.desired;

/** What becomes of one row on one node. */
public sealed interface RowChange {

    RowKey key();

    /** The row is new, or differs from what it was. */
    record Updated(Row row) implements RowChange {
        @Override
        public RowKey key() {
            return row.key();
        }
    }

    /** The node does not have the row any more. */
    record Removed(RowKey key) implements RowChange {}
}
