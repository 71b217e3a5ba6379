package dev.weft.controlplane.audit;

import dev.weft.api.v1.AuditPortsReply;
import dev.weft.api.v1.AuditPortsRequest;
import dev.weft.api.v1.PortAuditServiceGrpc;
import dev.weft.controlplane.authorization.Authorization;
import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.cluster.NodeRoutes;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.node.v1.AuditReceived;
import dev.weft.node.v1.AuditReport;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks each node over its stream to dial back with what it finds, and passes that on to whoever asked. As with commands
 * (ADR 2), the id that joins the two calls is random and good for one. Where another replica has a node's stream, it is
 * asked for what that node finds.
 */
public final class DialBackAudits implements NodeAudits, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ID_BYTES = 16;

    private record Expected(Audit audit, NodeName node, ScheduledFuture<?> expiry) {}

    private final AuditOpener opener;
    private final NodeRoutes routes;
    private final Duration patience;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Expected> expected = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("audit-expiry").factory());

    public DialBackAudits(AuditOpener opener, NodeRoutes routes) {
        this(opener, routes, PATIENCE);
    }

    DialBackAudits(AuditOpener opener, NodeRoutes routes, Duration patience) {
        this.opener = opener;
        this.routes = routes;
        this.patience = patience;
    }

    /**
     * Serves one AuditPorts call: it ends when each node has told all or failed. To be called from within the gRPC method
     * itself, before it returns.
     *
     * @param request what was asked for: passed on, for one node, to the replica that has the node's stream
     * @param wanted of each node the sandboxes whose ports are meant
     */
    public void start(
            AuditPortsRequest request,
            Map<NodeName, List<SandboxId>> wanted,
            ServerCallStreamObserver<AuditPortsReply> replies) {
        Audit audit = new Audit(wanted.keySet(), replies);
        replies.setOnCancelHandler(audit::abandon);
        Map<NodeName, String> ids = new HashMap<>();
        wanted.keySet().forEach(node -> ids.put(node, newId()));
        // All of them first: the call must not end with the first node's failure.
        ids.forEach((node, id) -> expected.put(
                id,
                new Expected(
                        audit, node, timer.schedule(() -> expire(id), patience.toMillis(), TimeUnit.MILLISECONDS))));
        ids.forEach((node, id) -> {
            if (!opener.openAudit(node, id, wanted.getOrDefault(node, List.of()))) {
                take(id).ifPresent(_ -> routes.route(node)
                        .ifPresentOrElse(
                                replica -> audit.passOn(node, request, PortAuditServiceGrpc.newStub(replica)),
                                () -> audit.failed(node, "it is not connected; is weft-node running there?")));
            }
        });
        audit.endIfDone();
    }

    @Override
    public StreamObserver<AuditReport> attach(Caller caller, StreamObserver<AuditReceived> call) {
        return new FromNode(caller, call);
    }

    private Optional<Expected> take(String id) {
        Optional<Expected> taken = Optional.ofNullable(expected.remove(id));
        taken.ifPresent(awaited -> awaited.expiry().cancel(false));
        return taken;
    }

    private void expire(String id) {
        take(id).ifPresent(late ->
                late.audit().failed(late.node(), "it did not dial back within " + patience.toSeconds() + " s"));
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Running audits go on as long as their calls do; what waits for a node fails. */
    @Override
    public void close() {
        timer.shutdownNow();
        List.copyOf(expected.keySet())
                .forEach(id -> take(id).ifPresent(
                                late -> late.audit().failed(late.node(), "the control plane is shutting down")));
    }

    /** One node's call. Its first report says which audit it belongs to. */
    private final class FromNode implements StreamObserver<AuditReport> {

        private final Caller caller;
        private final StreamObserver<AuditReceived> call;
        private Optional<Expected> joined = Optional.empty();
        private boolean refused;

        FromNode(Caller caller, StreamObserver<AuditReceived> call) {
            this.caller = caller;
            this.call = call;
        }

        @Override
        public void onNext(AuditReport report) {
            if (refused) {
                return;
            }
            if (joined.isEmpty()) {
                // Another node that has learned of the id takes nothing away from the one that was asked.
                joined = Optional.ofNullable(expected.get(report.getAuditId()))
                        .filter(one -> Authorization.mayBe(caller, one.node()))
                        .flatMap(_ -> take(report.getAuditId()));
                if (joined.isEmpty()) {
                    refused = true;
                    call.onError(Status.NOT_FOUND
                            .withDescription(
                                    "nobody waits for audit id " + report.getAuditId() + ": used, expired or given up")
                            .asRuntimeException());
                    return;
                }
                joined.get().audit().join(joined.get().node(), call);
            }
            joined.ifPresent(audit -> audit.audit().report(audit.node(), report));
        }

        @Override
        public void onError(Throwable failure) {
            joined.ifPresent(audit -> audit.audit()
                    .failed(audit.node(), "lost the connection to it; what it had found until then is above"));
        }

        @Override
        public void onCompleted() {
            if (joined.isPresent()) {
                joined.get().audit().finished(joined.get().node());
            } else if (!refused) {
                call.onError(Status.INVALID_ARGUMENT
                        .withDescription("AttachAudit needs a report with an audit id")
                        .asRuntimeException());
            }
        }
    }
}
