package dev.weft.controlplane.exec;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads from a call's metadata which command a node dials back for. */
public final class ExecIds {

    public static final Metadata.Key<String> METADATA =
            Metadata.Key.of("weft-exec-id", Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<String> CONTEXT = Context.key("weft-exec-id");

    private ExecIds() {}

    /** That of the call being served. */
    public static Optional<String> current() {
        return Optional.ofNullable(CONTEXT.get());
    }

    /** Makes the id known to the service's methods. */
    public static final class Interceptor implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            @Nullable String id = headers.get(METADATA);
            return id == null
                    ? next.startCall(call, headers)
                    : Contexts.interceptCall(Context.current().withValue(CONTEXT, id), call, headers, next);
        }
    }
}
