package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.service.ServiceException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Gives each call an id, and takes the node that it comes through out of the metadata. */
final class RequestContextInterceptor implements ServerInterceptor {

    static final Metadata.Key<String> VIA_NODE = Metadata.Key.of("weft-via-node", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String id = Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
        Optional<NodeName> viaNode;
        try {
            viaNode = Optional.ofNullable(headers.get(VIA_NODE)).map(NodeName::new);
        } catch (IllegalArgumentException e) {
            StatusRuntimeException refusal =
                    ErrorMapper.map(ServiceException.invalid(VIA_NODE.name(), String.valueOf(e.getMessage())), id);
            call.close(
                    refusal.getStatus(),
                    Optional.ofNullable(refusal.getTrailers()).orElseGet(Metadata::new));
            return new ServerCall.Listener<>() {};
        }
        Context context =
                Context.current().withValues(RequestContext.SERVER_REQUEST_ID, id, RequestContext.VIA_NODE, viaNode);
        return Contexts.interceptCall(context, call, headers, next);
    }
}
