package dev.weft.controlplane.distribution;

import dev.weft.controlplane.desired.Row;
import dev.weft.controlplane.desired.RowKey;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.node.v1.AuditPorts;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Delta;
import dev.weft.node.v1.InSync;
import dev.weft.node.v1.OpenExec;
import dev.weft.node.v1.SnapshotChunk;
import dev.weft.node.v1.Welcome;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one node has yet to be sent. Changes wait here by row, the newest only, so that a slow node costs the memory of
 * its rows and not of its delay. Messages are made when they can be sent, not before. Not safe for concurrent use.
 */
final class Outbox {

    /** Well under gRPC's default limit of 4 MiB, and small enough that nothing else waits long behind it. */
    static final int TARGET_MESSAGE_BYTES = 512 * 1024;

    private record PendingSnapshot(String network, long revision, Iterator<Row> rows) {}

    /** Sent before anything else: they concern no rows. */
    private final Deque<ControlMessage> urgent = new ArrayDeque<>();

    private final Deque<PendingSnapshot> snapshots = new ArrayDeque<>();
    private SortedMap<RowKey, PendingChange> changes = new TreeMap<>();

    /** The rest of a delta of which a part was sent. Later changes wait for the next one: a row is once in a delta. */
    private Iterator<PendingChange> delta = Collections.emptyIterator();

    private long deltaRevision;
    private boolean synced;
    private long newestRevision;
    private long toldRevision;

    void welcome(long epoch) {
        urgent.add(ControlMessage.newBuilder()
                .setWelcome(Welcome.newBuilder().setEpoch(epoch))
                .build());
    }

    void openExec(String execId) {
        urgent.add(ControlMessage.newBuilder()
                .setOpenExec(OpenExec.newBuilder().setExecId(execId))
                .build());
    }

    void openAudit(String auditId, List<SandboxId> sandboxes) {
        urgent.add(ControlMessage.newBuilder()
                .setAuditPorts(AuditPorts.newBuilder()
                        .setAuditId(auditId)
                        .addAllSandboxIds(
                                sandboxes.stream().map(SandboxId::value).toList()))
                .build());
    }

    /** The node's whole state. */
    void snapshot(long revision, Collection<Row> rows) {
        snapshots.clear();
        changes.clear();
        delta = Collections.emptyIterator();
        synced = true;
        newestRevision = revision;
        snapshots.add(new PendingSnapshot("", revision, rows.iterator()));
    }

    /** One network's rows anew. What waits of it may be sent once more after it, which changes nothing. */
    void snapshotOf(String network, long revision, Collection<Row> rows) {
        newestRevision = revision;
        snapshots.add(new PendingSnapshot(network, revision, rows.iterator()));
    }

    void change(long revision, Map<RowKey, PendingChange> rows) {
        newestRevision = revision;
        changes.putAll(rows);
    }

    /** Nothing of this node changed up to the revision. */
    void advance(long revision) {
        newestRevision = Math.max(newestRevision, revision);
    }

    /** Whether the node was sent everything that it should have; empty before its snapshot. */
    boolean isDrained() {
        return synced && snapshots.isEmpty() && changes.isEmpty() && !delta.hasNext();
    }

    /** The revision of the last message that completed a state. */
    long toldRevision() {
        return toldRevision;
    }

    /**
     * Takes the next message.
     *
     * @return empty if there is nothing to be sent
     */
    Optional<ControlMessage> next() {
        if (!urgent.isEmpty()) {
            return Optional.of(urgent.remove());
        }
        // A delta is applied as a whole: a snapshot must not come between its parts.
        if (delta.hasNext()) {
            return Optional.of(nextPart());
        }
        if (!snapshots.isEmpty()) {
            return Optional.of(nextOf(snapshots.element()));
        }
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        delta = changes.values().iterator();
        deltaRevision = newestRevision;
        changes = new TreeMap<>();
        return Optional.of(nextPart());
    }

    /** Takes a message that tells the revision alone, if the node does not know of it. */
    Optional<ControlMessage> progress() {
        if (!isDrained() || !urgent.isEmpty() || newestRevision <= toldRevision) {
            return Optional.empty();
        }
        toldRevision = newestRevision;
        return Optional.of(ControlMessage.newBuilder()
                .setDelta(Delta.newBuilder().setRevision(toldRevision))
                .build());
    }

    private ControlMessage nextOf(PendingSnapshot snapshot) {
        if (!snapshot.rows().hasNext()) {
            snapshots.remove();
            toldRevision = snapshot.revision();
            return ControlMessage.newBuilder()
                    .setInSync(
                            InSync.newBuilder().setRevision(snapshot.revision()).setNetworkId(snapshot.network()))
                    .build();
        }
        SnapshotChunk.Builder chunk = SnapshotChunk.newBuilder().setNetworkId(snapshot.network());
        int size = 0;
        while (snapshot.rows().hasNext() && size < TARGET_MESSAGE_BYTES) {
            dev.weft.node.v1.Row row = RowCodec.encode(snapshot.rows().next());
            chunk.addRows(row);
            size += row.getSerializedSize() + PendingChange.MARGIN;
        }
        return ControlMessage.newBuilder().setSnapshot(chunk).build();
    }

    private ControlMessage nextPart() {
        Delta.Builder part = Delta.newBuilder().setRevision(deltaRevision);
        int size = 0;
        while (delta.hasNext() && size < TARGET_MESSAGE_BYTES) {
            PendingChange change = delta.next();
            size += change.size();
            switch (change) {
                case PendingChange.Update(var row) -> part.addUpdates(row);
                case PendingChange.Removal(var key) -> part.addRemovals(key);
            }
        }
        if (!delta.hasNext()) {
            toldRevision = deltaRevision;
        }
        return ControlMessage.newBuilder()
                .setDelta(part.setMoreFollows(delta.hasNext()))
                .build();
    }
}
