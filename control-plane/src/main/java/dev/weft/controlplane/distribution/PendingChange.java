package dev.weft.controlplane.distribution;

import dev.weft.node.v1.Row;
import dev.weft.node.v1.RowKey;

/** What a node has yet to be told of one row. Encoded once, however many nodes it goes to. */
sealed interface PendingChange {

    record Update(Row row) implements PendingChange {}

    record Removal(RowKey key) implements PendingChange {}

    /** Bytes on the wire, up to a few. */
    default int size() {
        return switch (this) {
            case Update(var row) -> row.getSerializedSize() + MARGIN;
            case Removal(var key) -> key.getSerializedSize() + MARGIN;
        };
    }

    /** Field tag and length in front of it. */
    int MARGIN = 8;
}
