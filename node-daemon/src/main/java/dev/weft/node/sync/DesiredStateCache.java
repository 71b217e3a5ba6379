package dev.weft.node.sync;

import dev.weft.node.model.DesiredState;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Delta;
import dev.weft.node.v1.InSync;
import dev.weft.node.v1.SnapshotChunk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows that the control plane has sent, as they came and as decoded. What is published is always whole: a snapshot
 * counts with its in-sync, a delta with its last part. Not thread-safe: one stream at a time feeds it.
 */
final class DesiredStateCache {

    private final Map<RowKey, Entry> rows = new HashMap<>();
    private final Map<String, List<dev.weft.node.v1.Row>> snapshots = new HashMap<>();
    private final List<Delta> deltaParts = new ArrayList<>();
    private long revision;

    /** A row in both forms: the wire's is what digests and the checkpoint are made of. */
    private record Entry(dev.weft.node.v1.Row wire, Row decoded) {}

    /** Starts from rows kept on disk. */
    DesiredState restore(long atRevision, Collection<dev.weft.node.v1.Row> kept) {
        replaceAll(atRevision, kept);
        return state();
    }

    /** Forgets the unfinished parts of a stream that has ended; what was published stays. */
    void streamEnded() {
        snapshots.clear();
        deltaParts.clear();
    }

    /**
     * Takes in a message.
     *
     * @return the new state if the message completed one
     */
    Optional<DesiredState> accept(ControlMessage message) {
        return switch (message.getMessageCase()) {
            case SNAPSHOT -> {
                SnapshotChunk chunk = message.getSnapshot();
                snapshots
                        .computeIfAbsent(chunk.getNetworkId(), network -> new ArrayList<>())
                        .addAll(chunk.getRowsList());
                yield Optional.empty();
            }
            case IN_SYNC -> Optional.of(inSync(message.getInSync()));
            case DELTA -> delta(message.getDelta());
            case WELCOME, OPEN_EXEC, MESSAGE_NOT_SET -> Optional.empty();
        };
    }

    private DesiredState inSync(InSync inSync) {
        String network = inSync.getNetworkId();
        List<dev.weft.node.v1.Row> snapshot =
                Optional.ofNullable(snapshots.remove(network)).orElseGet(List::of);
        if (network.isEmpty()) {
            replaceAll(inSync.getRevision(), snapshot);
        } else {
            rows.values().removeIf(entry -> network.equals(networkOf(entry.wire())));
            snapshot.forEach(this::put);
            revision = Math.max(revision, inSync.getRevision());
        }
        return state();
    }

    private Optional<DesiredState> delta(Delta delta) {
        deltaParts.add(delta);
        if (delta.getMoreFollows()) {
            return Optional.empty();
        }
        for (Delta part : deltaParts) {
            part.getRemovalsList().forEach(key -> rows.remove(RowDecoder.decode(key)));
            part.getUpdatesList().forEach(this::put);
        }
        deltaParts.clear();
        revision = delta.getRevision();
        return Optional.of(state());
    }

    private void replaceAll(long atRevision, Collection<dev.weft.node.v1.Row> snapshot) {
        rows.clear();
        snapshot.forEach(this::put);
        revision = atRevision;
    }

    private void put(dev.weft.node.v1.Row wire) {
        Row decoded = RowDecoder.decode(wire);
        rows.put(decoded.key(), new Entry(wire, decoded));
    }

    /** The network that a row belongs to; empty for a sandbox, which may have endpoints on several. */
    private static String networkOf(dev.weft.node.v1.Row row) {
        return switch (row.getRowCase()) {
            case NETWORK -> row.getKey().getId();
            case VTEP -> row.getVtep().getNetworkId();
            case PEER -> row.getPeer().getNetworkId();
            case ENDPOINT -> row.getEndpoint().getNetworkId();
            case SANDBOX, ROW_NOT_SET -> "";
        };
    }

    long revision() {
        return revision;
    }

    private DesiredState state() {
        return DesiredState.of(
                revision, rows.values().stream().map(Entry::decoded).toList());
    }

    /** The rows as they came. */
    List<dev.weft.node.v1.Row> wireRows() {
        return rows.values().stream().map(Entry::wire).toList();
    }

    /** The rows as they came, by the network that they belong to; sandboxes under the empty id. */
    Map<String, List<dev.weft.node.v1.Row>> wireRowsByNetwork() {
        Map<String, List<dev.weft.node.v1.Row>> byNetwork = new HashMap<>();
        for (Entry entry : rows.values()) {
            byNetwork
                    .computeIfAbsent(networkOf(entry.wire()), network -> new ArrayList<>())
                    .add(entry.wire());
        }
        return byNetwork;
    }
}
