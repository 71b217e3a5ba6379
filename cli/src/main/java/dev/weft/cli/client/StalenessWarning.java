package dev.weft.cli.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Says, once a connection, that the control plane answers from its memory. */
final class StalenessWarning implements ClientInterceptor {

    private static final Metadata.Key<String> STALE_SINCE =
            Metadata.Key.of("weft-stale-since", Metadata.ASCII_STRING_MARSHALLER);

    private final Consumer<String> warnings;
    private final AtomicBoolean said = new AtomicBoolean();

    StalenessWarning(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> replies, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(replies) {
                            @Override
                            public void onHeaders(Metadata replyHeaders) {
                                look(replyHeaders);
                                super.onHeaders(replyHeaders);
                            }

                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                look(trailers);
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }

    private void look(Metadata metadata) {
        String since = metadata.get(STALE_SINCE);
        if (since != null && said.compareAndSet(false, true)) {
            warnings.accept("the control plane has lost its store; what it answers is as of "
                    + since.replaceAll("[^0-9A-Za-z:.+-]", "?"));
        }
    }
}
