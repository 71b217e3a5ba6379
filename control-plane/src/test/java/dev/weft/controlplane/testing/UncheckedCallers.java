package dev.weft.controlplane.testing;

import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.callers.CallerContext;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** What a server has that checks nobody. */
public final class UncheckedCallers implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return Contexts.interceptCall(
                Context.current().withValue(CallerContext.KEY, new Caller.Unchecked()), call, headers, next);
    }
}
