package dev.weft.controlplane.exec;

import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.controlplane.authorization.Authorization;
import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.cluster.NodeRoutes;
import dev.weft.controlplane.model.NodeName;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks the node over its stream to dial back, and joins the call it makes with the client's. The id that joins them is
 * random, good for one call, and forgotten when the time is over: it is all that a node has to show. Where another
 * replica has the node's stream, the client's call is passed on to that one.
 */
public final class DialBackExecRelay implements ExecRelay, NodeExecs, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ID_BYTES = 16;

    private record Expected(ExecBridge bridge, NodeName node, ScheduledFuture<?> expiry) {}

    private final ExecOpener opener;
    private final NodeRoutes routes;
    private final Duration patience;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Expected> expected = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("exec-expiry").factory());

    public DialBackExecRelay(ExecOpener opener, NodeRoutes routes) {
        this(opener, routes, PATIENCE);
    }

    DialBackExecRelay(ExecOpener opener, NodeRoutes routes, Duration patience) {
        this.opener = opener;
        this.routes = routes;
        this.patience = patience;
    }

    @Override
    public StreamObserver<ExecRequest> open(Router router, ServerCallStreamObserver<ExecReply> replies) {
        ExecBridge bridge = new ExecBridge(replies);
        replies.disableAutoRequest();
        replies.setOnReadyHandler(bridge::clientReady);
        replies.setOnCancelHandler(bridge::clientCancelled);
        replies.request(1);
        return new FromClient(router, bridge);
    }

    @Override
    public StreamObserver<ExecReply> attach(
            Optional<String> execId, Caller caller, ServerCallStreamObserver<ExecRequest> requests) {
        // Another node that has learned of the id takes nothing away from the one that was asked.
        Optional<Expected> awaited = execId.filter(id -> Optional.ofNullable(expected.get(id))
                        .filter(one -> Authorization.mayBe(caller, one.node()))
                        .isPresent())
                .flatMap(id -> Optional.ofNullable(expected.remove(id)));
        if (awaited.isEmpty()) {
            requests.onError(Status.NOT_FOUND
                    .withDescription(
                            execId.isEmpty()
                                    ? "AttachExec needs the metadata " + ExecIds.METADATA.name()
                                    : "nobody waits for exec id " + execId.get() + ": used, expired or given up")
                    .asRuntimeException());
            return new Ignored();
        }
        awaited.get().expiry().cancel(false);
        return awaited.get().bridge().join(requests);
    }

    private void start(ExecBridge bridge, Destination destination) {
        bridge.setDestination(destination);
        NodeName node = destination.node();
        String id = newId();
        ScheduledFuture<?> expiry = timer.schedule(() -> expire(id, node), patience.toMillis(), TimeUnit.MILLISECONDS);
        expected.put(id, new Expected(bridge, node, expiry));
        if (!opener.openExec(node, id)) {
            expected.remove(id);
            expiry.cancel(false);
            routes.route(node)
                    .ifPresentOrElse(
                            replica -> bridge.passOn(ExecServiceGrpc.newStub(replica)),
                            () -> bridge.fail(ExecErrors.unavailable("cannot run a command on node " + node
                                    + ": it is not connected; is weft-node running there?")));
        }
    }

    private void expire(String id, NodeName node) {
        Optional.ofNullable(expected.remove(id))
                .ifPresent(late -> late.bridge()
                        .fail(ExecErrors.unavailable("cannot run a command on node " + node
                                + ": it did not dial back within " + patience.toSeconds() + " s")));
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Running commands go on as long as their calls do; what waits for a node fails. */
    @Override
    public void close() {
        timer.shutdownNow();
        expected.values()
                .forEach(late -> late.bridge().fail(ExecErrors.unavailable("the control plane is shutting down")));
        expected.clear();
    }

    private final class FromClient implements StreamObserver<ExecRequest> {

        private final Router router;
        private final ExecBridge bridge;
        private boolean started;

        FromClient(Router router, ExecBridge bridge) {
            this.router = router;
            this.bridge = bridge;
        }

        @Override
        public void onNext(ExecRequest request) {
            if (started) {
                bridge.fromClient(request);
                return;
            }
            if (!request.hasStart()) {
                bridge.fail(ExecErrors.badRequest("the first request of Exec should be start"));
                return;
            }
            started = true;
            Destination destination;
            try {
                destination = router.route(request.getStart());
            } catch (StatusRuntimeException e) {
                bridge.fail(e);
                return;
            }
            start(bridge, destination);
        }

        @Override
        public void onError(Throwable failure) {
            bridge.clientCancelled();
        }

        @Override
        public void onCompleted() {
            if (started) {
                bridge.clientHalfClosed();
            } else {
                bridge.fail(ExecErrors.badRequest("Exec needs a start"));
            }
        }
    }

    /** What else comes on a refused call. */
    private static final class Ignored implements StreamObserver<ExecReply> {

        @Override
        public void onNext(ExecReply reply) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
