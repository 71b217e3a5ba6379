package dev.weft.controlplane.audit;

import dev.weft.api.v1.AuditFailure;
import dev.weft.api.v1.AuditPortsReply;
import dev.weft.api.v1.AuditPortsRequest;
import dev.weft.api.v1.PortAuditServiceGrpc;
import dev.weft.controlplane.model.NodeName;
import dev.weft.node.v1.AuditReceived;
import dev.weft.node.v1.AuditReport;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One AuditPorts call and those of the nodes that answer it. The lock keeps each call's observer to one thread at a time,
 * as gRPC asks. A node tells of a port once, so what a slow reader leaves unread is no more than it asked for.
 */
final class Audit {

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<NodeName> awaited;
    private final Map<NodeName, StreamObserver<AuditReceived>> calls = new HashMap<>();
    private final Map<NodeName, ClientCallStreamObserver<AuditPortsRequest>> passedOn = new HashMap<>();
    private final ServerCallStreamObserver<AuditPortsReply> client;
    private boolean over;

    Audit(Collection<NodeName> nodes, ServerCallStreamObserver<AuditPortsReply> client) {
        this.awaited = new HashSet<>(nodes);
        this.client = client;
    }

    /** A node has dialled back. */
    void join(NodeName node, StreamObserver<AuditReceived> call) {
        locked(() -> {
            if (over) {
                call.onError(gone());
            } else {
                calls.put(node, call);
            }
        });
    }

    /** Asks the replica that has the node's stream. */
    void passOn(NodeName node, AuditPortsRequest request, PortAuditServiceGrpc.PortAuditServiceStub replica) {
        replica.auditPorts(request.toBuilder().setNode(node.value()).build(), new FromReplica(node));
    }

    /** What another replica tells of one node. */
    private final class FromReplica implements ClientResponseObserver<AuditPortsRequest, AuditPortsReply> {

        private final NodeName node;

        FromReplica(NodeName node) {
            this.node = node;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AuditPortsRequest> call) {
            locked(() -> passedOn.put(node, call));
        }

        @Override
        public void onNext(AuditPortsReply reply) {
            locked(() -> send(reply.toBuilder()));
        }

        @Override
        public void onError(Throwable failure) {
            failed(node, "the control plane's replica that has its stream said no more (" + failure.getMessage() + ")");
        }

        @Override
        public void onCompleted() {
            finished(node);
        }
    }

    void report(NodeName node, AuditReport report) {
        locked(() -> {
            switch (report.getReportCase()) {
                case PROGRESS ->
                    send(AuditPortsReply.newBuilder()
                            .setProgress(report.getProgress().toBuilder().setNode(node.value())));
                case FINDING ->
                    send(AuditPortsReply.newBuilder()
                            .setFinding(report.getFinding().toBuilder().setNode(node.value())));
                case FAILURE -> sendFailure(node, report.getFailure());
                // Of a newer node.
                case REPORT_NOT_SET -> {}
            }
        });
    }

    /** A node has told all. */
    void finished(NodeName node) {
        locked(() -> {
            StreamObserver<AuditReceived> call = calls.remove(node);
            if (call != null) {
                call.onNext(AuditReceived.getDefaultInstance());
                call.onCompleted();
            }
            settle(node);
        });
    }

    /** A node will tell no more. */
    void failed(NodeName node, String why) {
        locked(() -> {
            calls.remove(node);
            if (awaited.contains(node)) {
                sendFailure(node, why);
            }
            settle(node);
        });
    }

    /** For a call that asks nobody. */
    void endIfDone() {
        locked(this::endClient);
    }

    /** The client went away. */
    void abandon() {
        locked(() -> {
            over = true;
            calls.values().forEach(call -> call.onError(gone()));
            calls.clear();
            passedOn.values().forEach(call -> call.cancel("the client went away", null));
            passedOn.clear();
        });
    }

    private static RuntimeException gone() {
        return Status.CANCELLED.withDescription("the client went away").asRuntimeException();
    }

    private void settle(NodeName node) {
        awaited.remove(node);
        endClient();
    }

    private void endClient() {
        if (awaited.isEmpty() && !over) {
            over = true;
            client.onCompleted();
        }
    }

    private void sendFailure(NodeName node, String why) {
        send(AuditPortsReply.newBuilder()
                .setFailure(AuditFailure.newBuilder()
                        .setNode(node.value())
                        .setMessage("the ports of node " + node + " are not audited, or not all: " + why)));
    }

    private void send(AuditPortsReply.Builder reply) {
        if (!over) {
            client.onNext(reply.build());
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
