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
import dev.weft.sync.RowDigest;
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

    /** A row as it came. Its digest is asked for every few seconds, and most rows stay for days. */
    private record Held(dev.weft.node.v1.Row row, long digest) {
        Held(dev.weft.node.v1.Row row) {
            this(row, RowDigest.of(row));
        }
    }

    private Map<RowKey, Held> wire = new HashMap<>();
    private Map<RowKey, Row> decoded = new HashMap<>();
    private long revision;
    private final Map<String, Map<RowKey, dev.weft.node.v1.Row>> assembling = new HashMap<>();
    private Delta.Builder partial = Delta.newBuilder();
    private boolean inSync;

    /** Takes over what an earlier run knew. */
    public synchronized DesiredUpdate restore(long lastRevision, Collection<dev.weft.node.v1.Row> rows) {
        Map<RowKey, dev.weft.node.v1.Row> byKey = new HashMap<>();
        rows.forEach(row -> RowCodec.key(row.getKey()).ifPresent(key -> byKey.put(key, row)));
        return whole(lastRevision, byKey, Source.CHECKPOINT);
    }

    private DesiredUpdate whole(long newRevision, Map<RowKey, dev.weft.node.v1.Row> rows, Source source) {
        wire = new HashMap<>();
        decoded = new HashMap<>();
        rows.forEach((key, row) -> {
            wire.put(key, new Held(row));
            RowCodec.decode(row).ifPresent(known -> decoded.put(key, known));
        });
        revision = newRevision;
        return new DesiredUpdate.Whole(state(), source);
    }

    /** A new stream begins: what of an earlier one is unfinished is dropped. */
    public synchronized void streamBegins() {
        assembling.clear();
        partial = Delta.newBuilder();
        inSync = false;
    }

    /** Nothing is to be here any more: the node was removed from the cluster. */
    public synchronized DesiredUpdate forget() {
        return whole(0, Map.of(), Source.CONTROL_PLANE);
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
            inSync = true;
            return whole(end.getRevision(), rows, Source.CONTROL_PLANE);
        }
        Set<RowKey> changed = new HashSet<>(rows.keySet());
        wire.entrySet().removeIf(entry -> {
            boolean ofNetwork = RowDigest.networkOf(entry.getValue().row()).equals(end.getNetworkId());
            if (ofNetwork) {
                changed.add(entry.getKey());
            }
            return ofNetwork;
        });
        rows.forEach((key, row) -> wire.put(key, new Held(row)));
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
                wire.put(key, new Held(update));
                changed.add(key);
            });
        }
        return Optional.of(changes(delta.getRevision(), changed));
    }

    public synchronized Optional<Row> row(RowKey key) {
        return Optional.ofNullable(decoded.get(key));
    }

    public synchronized List<NetworkRow> networks() {
        return decoded.values().stream()
                .flatMap(row -> row instanceof NetworkRow network ? Stream.of(network) : Stream.empty())
                .toList();
    }

    /** All rows, as of one revision; copied for the caller. */
    public synchronized DesiredState state() {
        return new DesiredState(revision, decoded);
    }

    public synchronized long revision() {
        return revision;
    }

    /** How many rows there are. */
    public synchronized int size() {
        return decoded.size();
    }

    /** Whether the control plane has told everything on the present stream. */
    public synchronized boolean isInSync() {
        return inSync;
    }

    /**
     * The rows as they came, for the checkpoint.
     *
     * @param rows of the revision
     */
    public record Contents(long revision, Collection<dev.weft.node.v1.Row> rows) {}

    public synchronized Contents contents() {
        return new Contents(revision, wire.values().stream().map(Held::row).toList());
    }

    /**
     * What tells the control plane whether the rows held are those that it sent.
     *
     * @param byNetwork as of {@link RowDigest#byNetwork}
     */
    public record Digests(long revision, Map<String, Long> byNetwork) {}

    /** Empty while the control plane has not told everything on the present stream. */
    public synchronized Optional<Digests> digests() {
        if (!inSync) {
            return Optional.empty();
        }
        Map<String, Long> sums = new HashMap<>();
        wire.values().forEach(held -> sums.merge(RowDigest.networkOf(held.row()), held.digest(), Long::sum));
        return Optional.of(new Digests(revision, sums));
    }

    private DesiredUpdate changes(long newRevision, Set<RowKey> changed) {
        Map<RowKey, Row> updated = new HashMap<>();
        Set<RowKey> removed = new HashSet<>();
        for (RowKey key : changed) {
            Optional<Row> row = Optional.ofNullable(wire.get(key)).flatMap(held -> RowCodec.decode(held.row()));
            row.ifPresentOrElse(present -> updated.put(key, present), () -> removed.add(key));
        }
        decoded.putAll(updated);
        decoded.keySet().removeAll(removed);
        revision = newRevision;
        return new DesiredUpdate.Changes(newRevision, updated, removed);
    }
}
