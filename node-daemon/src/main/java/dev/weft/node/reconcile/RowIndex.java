package dev.weft.node.reconcile;

import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.PeerRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.model.RowKind;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.model.VtepRow;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rows, and which of them speak of a given network or sandbox. Used by one thread. */
public final class RowIndex {

    private final Map<RowKey, Row> rows = new HashMap<>();
    private final Map<RowKey, Set<RowKey>> dependents = new HashMap<>();

    public static RowIndex of(Collection<? extends Row> rows) {
        RowIndex index = new RowIndex();
        rows.forEach(index::put);
        return index;
    }

    /** Adds or replaces a row. */
    public void put(Row row) {
        remove(row.key());
        rows.put(row.key(), row);
        for (RowKey needed : references(row)) {
            dependents.computeIfAbsent(needed, key -> new HashSet<>()).add(row.key());
        }
    }

    public void remove(RowKey key) {
        Row old = rows.remove(key);
        if (old == null) {
            return;
        }
        for (RowKey needed : references(old)) {
            Set<RowKey> users = dependents.get(needed);
            if (users != null && users.remove(key) && users.isEmpty()) {
                dependents.remove(needed);
            }
        }
    }

    public Optional<Row> get(RowKey key) {
        return Optional.ofNullable(rows.get(key));
    }

    public Collection<Row> all() {
        return Collections.unmodifiableCollection(rows.values());
    }

    public Set<RowKey> keys() {
        return Collections.unmodifiableSet(rows.keySet());
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

    public List<EndpointRow> endpointsOf(String sandboxId) {
        return dependents.getOrDefault(new RowKey(RowKind.SANDBOX, sandboxId), Set.of()).stream()
                .flatMap(key -> rows.get(key) instanceof EndpointRow row
                        ? java.util.stream.Stream.of(row)
                        : java.util.stream.Stream.empty())
                .toList();
    }

    /** The rows whose meaning changes with the given one: those that refer to it, and what it refers to in turn. */
    public Set<RowKey> affectedBy(RowKey key) {
        Set<RowKey> affected = new HashSet<>(dependents.getOrDefault(key, Set.of()));
        affected.add(key);
        Row row = rows.get(key);
        if (row instanceof EndpointRow endpoint) {
            // The sandbox's hosts file lists its endpoints.
            affected.add(new RowKey(RowKind.SANDBOX, endpoint.sandboxId()));
        }
        if (key.kind() == RowKind.NETWORK) {
            // Whether a sandbox has a name server depends on its networks.
            for (RowKey dependent : List.copyOf(affected)) {
                if (rows.get(dependent) instanceof EndpointRow endpoint) {
                    affected.add(new RowKey(RowKind.SANDBOX, endpoint.sandboxId()));
                }
            }
        }
        return affected;
    }

    private static List<RowKey> references(Row row) {
        return switch (row) {
            case VtepRow vtep -> List.of(new RowKey(RowKind.NETWORK, vtep.networkId()));
            case PeerRow peer -> List.of(new RowKey(RowKind.NETWORK, peer.networkId()));
            case EndpointRow endpoint ->
                List.of(
                        new RowKey(RowKind.NETWORK, endpoint.networkId()),
                        new RowKey(RowKind.SANDBOX, endpoint.sandboxId()));
            case SandboxRow sandbox ->
                sandbox.place() instanceof SandboxPlace.Shared(String owner)
                        ? List.of(new RowKey(RowKind.SANDBOX, owner))
                        : List.of();
            case NetworkRow _, dev.weft.node.model.MalformedRow _ -> List.of();
        };
    }
}
