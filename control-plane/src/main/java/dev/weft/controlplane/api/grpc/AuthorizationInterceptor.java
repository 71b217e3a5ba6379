package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.auditlog.AuditEntry;
import dev.weft.controlplane.auditlog.AuditLog;
import dev.weft.controlplane.authorization.Authorization;
import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.authorization.Decision;
import dev.weft.controlplane.callers.CallerContext;
import dev.weft.controlplane.callers.Peer;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.service.Reason;
import dev.weft.controlplane.service.ServiceException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/** Lets a call on only if its caller may make it. What it is about is looked at later, by {@link ConfinementInterceptor}. */
final class AuthorizationInterceptor implements ServerInterceptor {

    private final Peers peers;
    private final AuditLog log;

    AuthorizationInterceptor(Peers peers, AuditLog log) {
        this.peers = peers;
        this.log = log;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<Peer> peer = Optional.ofNullable(call.getAttributes().get(Peers.KEY));
        // Without one something is wired wrongly; then nobody is known.
        Caller caller = peer.map(
                        known -> known.caller(peers.revocations(), peers.clock().instant()))
                .orElseGet(Caller.Stranger::new);
        String method = call.getMethodDescriptor().getFullMethodName();
        return switch (Authorization.decide(caller, method)) {
            case Decision.Allowed() -> allow(call, headers, next, caller, peer, Optional.empty());
            case Decision.Confined(NodeName node) -> allow(call, headers, next, caller, peer, Optional.of(node));
            case Decision.Unknown(String why) -> refuse(call, caller, peer, new ServiceException(unknown(caller), why));
            case Decision.Refused(String why) ->
                refuse(call, caller, peer, new ServiceException(Reason.NOT_PERMITTED, why));
        };
    }

    private static Reason unknown(Caller caller) {
        return caller instanceof Caller.Rejected rejected && rejected.ground() == Caller.Rejected.Ground.NODE_REMOVED
                ? Reason.NODE_REMOVED
                : Reason.NO_IDENTITY;
    }

    private static <Q, A> ServerCall.Listener<Q> allow(
            ServerCall<Q, A> call,
            Metadata headers,
            ServerCallHandler<Q, A> next,
            Caller caller,
            Optional<Peer> peer,
            Optional<NodeName> confinedTo) {
        Context context = Context.current()
                .withValues(CallerContext.KEY, caller, RequestContext.CONFINED_TO, confinedTo)
                .withValues(
                        RequestContext.PEER, peer, CallerContext.CERTIFIED_SINCE, peer.flatMap(Peer::certifiedSince));
        // What the node says of itself counts only where nothing is proven.
        Optional<NodeName> certified = Authorization.node(caller);
        if (certified.isPresent()) {
            context = context.withValue(RequestContext.VIA_NODE, certified);
        }
        return Contexts.interceptCall(context, call, headers, next);
    }

    private <Q, A> ServerCall.Listener<Q> refuse(
            ServerCall<Q, A> call, Caller caller, Optional<Peer> peer, ServiceException refusal) {
        String id = RequestContext.serverRequestId();
        log.write(new AuditEntry(
                peers.clock().instant(),
                caller.text(),
                peer.map(Peer::address).orElse(""),
                call.getMethodDescriptor().getFullMethodName(),
                "",
                refusal.reason().category().name(),
                refusal.getMessage(),
                id));
        StatusRuntimeException mapped = ErrorMapper.map(refusal, id);
        call.close(mapped.getStatus(), Optional.ofNullable(mapped.getTrailers()).orElseGet(Metadata::new));
        return new ServerCall.Listener<>() {};
    }
}
