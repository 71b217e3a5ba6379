package dev.weft.controlplane.api.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Marks answers that may be older than what the store has: since when is in the metadata before the first message. */
final class StalenessInterceptor implements ServerInterceptor {

    /** An instant, as in RFC 3339. */
    static final Metadata.Key<String> STALE_SINCE =
            Metadata.Key.of("weft-stale-since", Metadata.ASCII_STRING_MARSHALLER);

    private final Supplier<Optional<Instant>> staleSince;

    StalenessInterceptor(Supplier<Optional<Instant>> staleSince) {
        this.staleSince = staleSince;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    private boolean headersSent;

                    @Override
                    public void sendHeaders(Metadata replyHeaders) {
                        headersSent = true;
                        mark(replyHeaders);
                        super.sendHeaders(replyHeaders);
                    }

                    /** A refusal, too, may be decided on what is old: not found, say. It has trailers only. */
                    @Override
                    public void close(Status status, Metadata trailers) {
                        if (!headersSent) {
                            mark(trailers);
                        }
                        super.close(status, trailers);
                    }
                },
                headers);
    }

    private void mark(Metadata metadata) {
        // A call that another replica answered has that one's mark.
        if (!metadata.containsKey(STALE_SINCE)) {
            staleSince.get().ifPresent(since -> metadata.put(STALE_SINCE, since.toString()));
        }
    }
}
