package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.auditlog.AuditLog;
import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.callers.Peer;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.service.ServiceException;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Clock;
import java.util.Optional;

/**
 * Looks at the messages themselves, so it stands where they are parsed: narrows what a node without a role asks and is told,
 * and writes privileged acts to the audit log.
 */
final class ConfinementInterceptor implements ServerInterceptor {

    private final Confinement confinement;
    private final AuditLog log;
    private final Clock clock;

    ConfinementInterceptor(Confinement confinement, AuditLog log, Clock clock) {
        this.confinement = confinement;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<NodeName> confinedTo = RequestContext.confinedTo();
        Caller caller = RequestContext.caller();
        Act act = new Act(
                log,
                clock,
                caller.text(),
                RequestContext.peer().map(Peer::address).orElse(""),
                call.getMethodDescriptor(),
                RequestContext.serverRequestId());
        ServerCall<Q, A> answers = new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void sendMessage(A message) {
                super.sendMessage(confinedTo
                        .map(node -> same(message, confinement.answer(node, message)))
                        .orElse(message));
            }

            @Override
            public void close(Status status, Metadata trailers) {
                act.ended(status);
                super.close(status, trailers);
            }
        };
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(next.startCall(answers, headers)) {
            @Override
            public void onMessage(Q message) {
                act.begins(message);
                Q narrowed;
                try {
                    narrowed = confinedTo
                            .map(node -> same(message, confinement.request(node, message)))
                            .orElse(message);
                } catch (ServiceException refusal) {
                    // The failure interceptor, further out, tells the caller.
                    act.refused(refusal);
                    throw refusal;
                }
                super.onMessage(narrowed);
            }

            @Override
            public void onCancel() {
                act.ended(Status.CANCELLED);
                super.onCancel();
            }
        };
    }

    /** A message narrowed is one of the same type. */
    @SuppressWarnings("unchecked")
    private static <T> T same(T message, Object narrowed) {
        return (T) message.getClass().cast(narrowed);
    }
}
