package dev.weft.controlplane.distribution;

import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.controlplane.audit.NodeAudits;
import dev.weft.controlplane.authorization.Authorization;
import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.callers.CallerContext;
import dev.weft.controlplane.codec.ApiMapping;
import dev.weft.controlplane.exec.ExecIds;
import dev.weft.controlplane.exec.NodeExecs;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.service.NodeRegistrar;
import dev.weft.node.v1.AuditReceived;
import dev.weft.node.v1.AuditReport;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Hello;
import dev.weft.node.v1.NodeMessage;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What daemons dial. Registration blocks, so the server must not run calls on its event loops.
 */
public final class NodeSyncService implements BindableService {

    private static final Logger log = LoggerFactory.getLogger(NodeSyncService.class);

    private final NodeRegistrar registrar;
    private final NodeDistribution distribution;
    private final NodeExecs execs;
    private final NodeAudits audits;

    public NodeSyncService(NodeRegistrar registrar, NodeDistribution distribution, NodeExecs execs, NodeAudits audits) {
        this.registrar = registrar;
        this.distribution = distribution;
        this.execs = execs;
        this.audits = audits;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerInterceptors.intercept(new Calls(), new ExecIds.Interceptor());
    }

    private final class Calls extends NodeSyncServiceGrpc.NodeSyncServiceImplBase {

        @Override
        public StreamObserver<NodeMessage> sync(StreamObserver<ControlMessage> replies) {
            return new Incoming(
                    (ServerCallStreamObserver<ControlMessage>) replies,
                    CallerContext.current(),
                    CallerContext.certifiedSince());
        }

        @Override
        public StreamObserver<ExecReply> attachExec(StreamObserver<ExecRequest> requests) {
            return execs.attach(
                    ExecIds.current(), CallerContext.current(), (ServerCallStreamObserver<ExecRequest>) requests);
        }

        @Override
        public StreamObserver<AuditReport> attachAudit(StreamObserver<AuditReceived> received) {
            return audits.attach(CallerContext.current(), received);
        }
    }

    /** One stream's messages from the node; gRPC brings them one at a time. */
    private final class Incoming implements StreamObserver<NodeMessage> {

        private final ServerCallStreamObserver<ControlMessage> replies;
        private final Caller caller;
        private final Optional<Instant> certifiedSince;
        private final MessageRate rate = new MessageRate(System::nanoTime);
        private volatile Optional<NodeSession> session = Optional.empty();

        Incoming(ServerCallStreamObserver<ControlMessage> replies, Caller caller, Optional<Instant> certifiedSince) {
            this.caller = caller;
            this.certifiedSince = certifiedSince;
            this.replies = replies;
            replies.setOnReadyHandler(() -> session.ifPresent(NodeSession::send));
            replies.setOnCancelHandler(this::over);
            replies.setOnCloseHandler(this::over);
        }

        @Override
        public void onNext(NodeMessage message) {
            // The next one is read when this method returns: who sends too much waits, by gRPC's flow control.
            rate.await();
            switch (message.getMessageCase()) {
                case HELLO -> hello(message.getHello());
                case REPORT ->
                    session.ifPresentOrElse(
                            open -> distribution.reported(open, message.getReport()),
                            () -> refuse("a node's first message should be hello, not a report"));
                case MESSAGE_NOT_SET -> refuse("a node's message is neither hello nor report");
            }
        }

        private void hello(Hello hello) {
            if (session.isPresent()) {
                refuse("a stream has one hello");
                return;
            }
            NodeName name;
            Node.Facts facts;
            try {
                name = new NodeName(hello.getNode());
                facts = ApiMapping.facts(hello.getFacts());
            } catch (IllegalArgumentException e) {
                refuse("hello of node '" + hello.getNode() + "': " + e.getMessage());
                return;
            }
            if (!Authorization.mayBe(caller, name)) {
                refuse(
                        Status.PERMISSION_DENIED,
                        "hello of node '" + name + "': the certificate is that of " + caller.text()
                                + ", and a node is what its certificate says; start weft-node with --name as in the"
                                + " certificate, or join it anew");
                return;
            }
            Versioned<Node> node = registrar.register(name, facts, certifiedSince);
            log.info("node {} registered with epoch {}", name, node.value().epoch());
            NodeSession opened = distribution.open(node, replies);
            session = Optional.of(opened);
            if (replies.isCancelled()) {
                over();
            }
            opened.send();
        }

        private void refuse(String why) {
            refuse(Status.INVALID_ARGUMENT, why);
        }

        private void refuse(Status kind, String why) {
            Status status = kind.withDescription(why);
            session.ifPresentOrElse(open -> open.end(status), () -> replies.onError(status.asRuntimeException()));
        }

        @Override
        public void onError(Throwable failure) {
            over();
        }

        @Override
        public void onCompleted() {
            session.ifPresentOrElse(open -> open.end(Status.OK), replies::onCompleted);
            over();
        }

        private void over() {
            session.ifPresent(distribution::closed);
        }
    }
}
