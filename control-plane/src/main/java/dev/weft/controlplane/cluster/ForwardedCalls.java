package dev.weft.controlplane.cluster;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Marks calls that a replica passes on to another. One that was passed on is answered where it arrives: two replicas
 * that each take the other for the right one must not send it to and fro.
 */
public final class ForwardedCalls {

    private static final Metadata.Key<String> FORWARDED_BY =
            Metadata.Key.of("weft-forwarded-by", Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<String> CONTEXT = Context.key("weft-forwarded-by");

    private ForwardedCalls() {}

    /** Whether the call being served came from another replica. */
    public static boolean isForwarded() {
        return CONTEXT.get() != null;
    }

    /** @param replica the name of the one that passes the calls on */
    public static ClientInterceptor marking(String replica) {
        return new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(Listener<A> replies, Metadata headers) {
                        headers.put(FORWARDED_BY, replica);
                        super.start(replies, headers);
                    }
                };
            }
        };
    }

    /** Makes the mark known to the service's methods. */
    public static final class Interceptor implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String replica = headers.get(FORWARDED_BY);
            return replica == null
                    ? next.startCall(call, headers)
                    : Contexts.interceptCall(Context.current().withValue(CONTEXT, replica), call, headers, next);
        }
    }
}
