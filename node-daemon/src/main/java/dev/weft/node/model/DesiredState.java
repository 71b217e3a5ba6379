package dev.weft.node.model;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that this node should be, at one revision of the store.
 *
 * @param revision the store's; 0 before anything was heard
 */
public record DesiredState(long revision, Map<RowKey, Row> rows) {

    public static final DesiredState EMPTY = new DesiredState(0, Map.of());

    public DesiredState {
        rows = Map.copyOf(rows);
    }

    public static DesiredState of(long revision, Collection<? extends Row> rows) {
        Map<RowKey, Row> byKey = new HashMap<>();
        for (Row row : rows) {
            byKey.put(row.key(), row);
        }
        return new DesiredState(revision, byKey);
    }

    public Optional<NetworkRow> network(String id) {
        return rows.get(new RowKey(RowKind.NETWORK, id)) instanceof NetworkRow row
                ? Optional.of(row)
                : Optional.empty();
    }

    public Optional<SandboxRow> sandbox(String id) {
        return rows.get(new RowKey(RowKind.SANDBOX, id)) instanceof SandboxRow row
                ? Optional.of(row)
                : Optional.empty();
    }
}
