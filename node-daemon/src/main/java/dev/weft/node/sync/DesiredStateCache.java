package dev.weft.node.sync;

import dev.weft.node.model.DesiredState;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.reconcile.DesiredUpdate;
import dev.weft.node.reconcile.DesiredUpdate.Source;
import dev.weft.node.v1.Delta;
import dev.weft.node.v1.InSync;
import dev.weft.node.v1.SnapshotChunk;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts snapshots and deltas together to the desired state. Nothing comes out before a snapshot's in-sync, and a delta comes
 * out as a whole; what was known before stays valid until then. Used by one stream at a time.
 */
public final class DesiredStateCache {

    private Map<RowKey, dev.weft.node.v1.Row> wire = new HashMap<>();
    private DesiredState state = DesiredState.EMPTY;
    private final Map<String, Map<RowKey, dev.weft.node.v1.Row>> assembling = new HashMap<>();
    private Delta.Builder partial = Delta.newBuilder();
    private boolean inSync;

    /** Takes over what an earlier run knew. */
    public synchronized DesiredUpdate restore(long revision, Collection<dev.weft.node.v1.Row> rows) {
        wire = new HashMap<>();
        rows.forEach(row -> RowCodec.key(row.getKey()).ifPresent(key -> wire.put(key, row)));
        state = new DesiredState(revision, decode(wire));
        return new DesiredUpdate.Whole(state, Source.CHECKPOINT);
    }

    /** A new stream begins: what of an earlier one is unfinished is dropped. */
    public synchronized void streamBegins() {
        assembling.clear();
        partial = Delta.newBuilder();
        inSync = false;
    }

    /** Nothing is to be here any more: the node was removed from the cluster. */
    public synchronized DesiredUpdate forget() {
        wire = new HashMap<>();
        state = DesiredState.EMPTY;
        return new DesiredUpdate.Whole(state, Source.CONTROL_PLANE);
    }

    public synchronized void chunk(SnapshotChunk chunk) {
        Map<RowKey, dev.weft.node.v1.Row> rows =
                assembling.computeIfAbsent(chunk.getNetworkId(), network -> new HashMap<>());
        for (dev.weft.node.v1.Row row : chunk.getRowsList()) {
            RowCodec.key(row.getKey()).ifPresent(key -> rows.put(key, row));
        }
    }

    /** Ends a snapshot: of everything, or of one network, whose rows it then replaces. */
    public synchronized DesiredUpdate inSync(InSync end) {
        Map<RowKey, dev.weft.node.v1.Row> rows =
                Optional.ofNullable(assembling.remove(end.getNetworkId())).orElseGet(HashMap::new);
        if (end.getNetworkId().isEmpty()) {
            wire = rows;
            inSync = true;
            state = new DesiredState(end.getRevision(), decode(wire));
            return new DesiredUpdate.Whole(state, Source.CONTROL_PLANE);
        }
        Set<RowKey> changed = new HashSet<>(rows.keySet());
        wire.entrySet().removeIf(entry -> {
            boolean ofNetwork = networkOf(entry.getValue()).equals(end.getNetworkId());
            if (ofNetwork) {
                changed.add(entry.getKey());
            }
            return ofNetwork;
        });
        wire.putAll(rows);
        return changes(end.getRevision(), changed);
    }

    /**
     * Takes a delta, or a part of one.
     *
     * @return empty while more parts are to come
     * @throws IllegalStateException if no snapshot came before
     */
    public synchronized Optional<DesiredUpdate> delta(Delta delta) {
        if (!inSync) {
            throw new IllegalStateException("a delta came before the snapshot that it changes");
        }
        partial.addAllUpdates(delta.getUpdatesList()).addAllRemovals(delta.getRemovalsList());
        if (delta.getMoreFollows()) {
            return Optional.empty();
        }
        Delta whole = partial.build();
        partial = Delta.newBuilder();
        Set<RowKey> changed = new HashSet<>();
        for (dev.weft.node.v1.RowKey removal : whole.getRemovalsList()) {
            RowCodec.key(removal).ifPresent(key -> {
                wire.remove(key);
                changed.add(key);
            });
        }
        for (dev.weft.node.v1.Row update : whole.getUpdatesList()) {
            RowCodec.key(update.getKey()).ifPresent(key -> {
                wire.put(key, update);
                changed.add(key);
            });
        }
        return Optional.of(changes(delta.getRevision(), changed));
    }

    public synchronized Optional<Row> row(RowKey key) {
        return Optional.ofNullable(state.rows().get(key));
    }

    public synchronized List<NetworkRow> networks() {
        return state.rows().values().stream()
                .flatMap(row -> row instanceof NetworkRow network ? Stream.of(network) : Stream.empty())
                .toList();
    }

    /** All rows, as of one revision. */
    public synchronized DesiredState state() {
        return state;
    }

    public synchronized long revision() {
        return state.revision();
    }

    /** Whether the control plane has told everything on the present stream. */
    public synchronized boolean isInSync() {
        return inSync;
    }

    /**
     * The rows as they came, for the checkpoint and for digests.
     *
     * @param rows of the revision
     */
    public record Contents(long revision, Collection<dev.weft.node.v1.Row> rows) {}

    public synchronized Contents contents() {
        return new Contents(state.revision(), List.copyOf(wire.values()));
    }

    private DesiredUpdate changes(long revision, Set<RowKey> changed) {
        Map<RowKey, Row> rows = new HashMap<>(state.rows());
        for (RowKey key : changed) {
            Optional<Row> row = Optional.ofNullable(wire.get(key)).flatMap(RowCodec::decode);
            row.ifPresentOrElse(present -> rows.put(key, present), () -> rows.remove(key));
        }
        state = new DesiredState(revision, rows);
        return new DesiredUpdate.Changes(state, changed);
    }

    private static Map<RowKey, Row> decode(Map<RowKey, dev.weft.node.v1.Row> wire) {
        Map<RowKey, Row> rows = new HashMap<>();
        wire.forEach((key, row) -> RowCodec.decode(row).ifPresent(decoded -> rows.put(key, decoded)));
        return rows;
    }

    private static String networkOf(dev.weft.node.v1.Row row) {
        return switch (row.getRowCase()) {
            case NETWORK -> row.getKey().getId();
            case VTEP -> row.getVtep().getNetworkId();
            case PEER -> row.getPeer().getNetworkId();
            case ENDPOINT -> row.getEndpoint().getNetworkId();
            case SANDBOX, ROW_NOT_SET -> "";
        };
    }
}
