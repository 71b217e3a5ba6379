package dev.weft.controlplane.distribution;

import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.NodeFacts;
import dev.weft.api.v1.ObjectStatus;
import dev.weft.controlplane.exec.ExecIds;
import dev.weft.node.v1.AuditPorts;
import dev.weft.node.v1.AuditReceived;
import dev.weft.node.v1.AuditReport;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Delta;
import dev.weft.node.v1.Hello;
import dev.weft.node.v1.InSync;
import dev.weft.node.v1.NodeMessage;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import dev.weft.node.v1.Report;
import dev.weft.node.v1.Row;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.RowKind;
import dev.weft.node.v1.RowStatus;
import dev.weft.node.v1.SnapshotChunk;
import dev.weft.sync.RowDigest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Plays a daemon: speaks the real protocol and keeps the rows, but has no kernel. By default it reports every state as
 * applied and every sandbox and endpoint as ready as soon as it has it.
 */
public final class FakeNode implements AutoCloseable {

    /** What the node does with a state that it got. */
    public enum Behaviour {
        /** Reports it applied and all objects ready. */
        APPLIES,
        /** Says nothing. */
        SILENT
    }

    private final String name;
    private final String vtep;
    private final ManagedChannel channel;
    private Behaviour behaviour;

    private final Map<RowKey, Row> rows = new HashMap<>();
    private final Map<RowKey, Row> arriving = new HashMap<>();
    private final List<Delta> parts = new ArrayList<>();
    private final BlockingQueue<String> openExecs = new LinkedBlockingQueue<>();
    private final BlockingQueue<AuditPorts> auditPorts = new LinkedBlockingQueue<>();
    private Optional<ClientCallStreamObserver<NodeMessage>> stream = Optional.empty();
    private Optional<Status> ended = Optional.empty();
    private long epoch;
    private long revision;
    private int snapshots;
    private int scopedSnapshots;
    private int messages;
    private int largestMessage;
    private boolean reading = true;

    public FakeNode(String name, String vtep, int port, Behaviour behaviour) {
        this(
                name,
                vtep,
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build(),
                behaviour);
    }

    /** @param channel shut down with the node */
    public FakeNode(String name, String vtep, ManagedChannel channel, Behaviour behaviour) {
        this.name = name;
        this.vtep = vtep;
        this.behaviour = behaviour;
        this.channel = channel;
    }

    /** Opens a stream; what was there of an earlier one stays. */
    public synchronized FakeNode dial() {
        ended = Optional.empty();
        NodeSyncServiceGrpc.newStub(channel).sync(new Incoming());
        send(NodeMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setNode(name)
                        .setCachedRevision(revision)
                        .setFacts(NodeFacts.newBuilder()
                                .setVtepAddress(vtep)
                                .setUnderlayMtu(1500)
                                .setHostname(name)))
                .build());
        return this;
    }

    public synchronized void behave(Behaviour newBehaviour) {
        behaviour = newBehaviour;
    }

    /** Stops taking messages from the stream, as a daemon that hangs. */
    public synchronized void stopReading() {
        reading = false;
    }

    public synchronized void resumeReading() {
        reading = true;
        call().request(1);
    }

    public synchronized Map<RowKey, Row> rows() {
        return Map.copyOf(rows);
    }

    public synchronized Optional<Row> row(RowKind kind, String id) {
        return Optional.ofNullable(
                rows.get(RowKey.newBuilder().setKind(kind).setId(id).build()));
    }

    /** Loses or spoils a row behind the control plane's back. */
    public synchronized void spoil(RowKind kind, String id) {
        rows.remove(RowKey.newBuilder().setKind(kind).setId(id).build());
    }

    public synchronized long revision() {
        return revision;
    }

    public synchronized long epoch() {
        return epoch;
    }

    public synchronized int snapshots() {
        return snapshots;
    }

    public synchronized int scopedSnapshots() {
        return scopedSnapshots;
    }

    public synchronized int messages() {
        return messages;
    }

    public synchronized int largestMessage() {
        return largestMessage;
    }

    public synchronized Optional<Status> ended() {
        return ended;
    }

    /** Ids of the commands that the control plane asked to dial back for. */
    public BlockingQueue<String> openExecs() {
        return openExecs;
    }

    public synchronized void report(Report report) {
        send(NodeMessage.newBuilder().setReport(report).build());
    }

    public synchronized void reportDigests() {
        report(Report.newBuilder()
                .setAppliedRevision(revision)
                .setDigestsRevision(revision)
                .putAllNetworkDigests(RowDigest.byNetwork(rows.values()))
                .build());
    }

    public static RowStatus status(RowKind kind, String id, ObjectStatus.State state, String message, long observed) {
        return RowStatus.newBuilder()
                .setKey(RowKey.newBuilder().setKind(kind).setId(id))
                .setState(state)
                .setMessage(message)
                .setObservedRevision(observed)
                .build();
    }

    /** Dials back for a command. */
    public StreamObserver<ExecReply> attachExec(String execId, StreamObserver<ExecRequest> requests) {
        Metadata headers = new Metadata();
        headers.put(ExecIds.METADATA, execId);
        return NodeSyncServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .attachExec(requests);
    }

    /** The audits that the control plane asked to dial back for. */
    public BlockingQueue<AuditPorts> auditPorts() {
        return auditPorts;
    }

    /** Dials back for an audit. */
    public StreamObserver<AuditReport> attachAudit(StreamObserver<AuditReceived> end) {
        return NodeSyncServiceGrpc.newStub(channel).attachAudit(end);
    }

    /** Breaks the stream, as a crash does. */
    public synchronized void hangUp() {
        call().cancel("the node was killed", null);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private void send(NodeMessage message) {
        call().onNext(message);
    }

    private ClientCallStreamObserver<NodeMessage> call() {
        return stream.orElseThrow(() -> new AssertionError("node " + name + " has not dialled"));
    }

    private void take(ControlMessage message) {
        messages++;
        largestMessage = Math.max(largestMessage, message.getSerializedSize());
        switch (message.getMessageCase()) {
            case WELCOME -> epoch = message.getWelcome().getEpoch();
            case SNAPSHOT -> take(message.getSnapshot());
            case IN_SYNC -> take(message.getInSync());
            case DELTA -> take(message.getDelta());
            case OPEN_EXEC -> openExecs.add(message.getOpenExec().getExecId());
            case AUDIT_PORTS -> auditPorts.add(message.getAuditPorts());
            case MESSAGE_NOT_SET -> throw new AssertionError("an empty message");
        }
    }

    private void take(SnapshotChunk chunk) {
        chunk.getRowsList().forEach(row -> arriving.put(row.getKey(), row));
    }

    private void take(InSync inSync) {
        if (inSync.getNetworkId().isEmpty()) {
            snapshots++;
            rows.clear();
        } else {
            scopedSnapshots++;
            rows.values().removeIf(row -> RowDigest.networkOf(row).equals(inSync.getNetworkId()));
        }
        rows.putAll(arriving);
        arriving.clear();
        revision = inSync.getRevision();
        apply(rows.values(), List.of());
    }

    private void take(Delta delta) {
        parts.add(delta);
        if (delta.getMoreFollows()) {
            return;
        }
        List<Row> updated = new ArrayList<>();
        List<RowKey> removed = new ArrayList<>();
        for (Delta part : parts) {
            part.getUpdatesList().forEach(row -> rows.put(row.getKey(), row));
            part.getRemovalsList().forEach(rows::remove);
            updated.addAll(part.getUpdatesList());
            removed.addAll(part.getRemovalsList());
        }
        parts.clear();
        revision = delta.getRevision();
        apply(updated, removed);
    }

    private void apply(Iterable<Row> updated, List<RowKey> removed) {
        if (behaviour == Behaviour.SILENT) {
            return;
        }
        Report.Builder report = Report.newBuilder().setAppliedRevision(revision);
        for (Row row : updated) {
            if (row.hasSandbox() || row.hasEndpoint()) {
                report.addStatuses(RowStatus.newBuilder()
                        .setKey(row.getKey())
                        .setState(ObjectStatus.State.READY)
                        .setObservedRevision(row.getRevision()));
            }
        }
        removed.forEach(
                key -> report.addStatuses(RowStatus.newBuilder().setKey(key).setRemoved(true)));
        report(report.build());
    }

    private final class Incoming implements ClientResponseObserver<NodeMessage, ControlMessage> {

        @Override
        public void beforeStart(ClientCallStreamObserver<NodeMessage> requests) {
            stream = Optional.of(requests);
            requests.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(ControlMessage message) {
            synchronized (FakeNode.this) {
                take(message);
                if (reading) {
                    call().request(1);
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            over(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            over(Status.OK);
        }

        private void over(Status status) {
            synchronized (FakeNode.this) {
                ended = Optional.of(status);
            }
        }
    }
}
