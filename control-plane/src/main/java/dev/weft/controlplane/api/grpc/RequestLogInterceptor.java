package dev.weft.controlplane.api.grpc;

import io.grpc.ForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each finished call: at info where it was refused or failed, at debug where it succeeded; and a count. */
final class RequestLogInterceptor implements ServerInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger("weft.request");

    private final CallObserver observer;

    RequestLogInterceptor(CallObserver observer) {
        this.observer = observer;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        long begin = System.nanoTime();
        String via = RequestContext.viaNode().map(node -> " via " + node).orElse("");
        ServerCall<Q, A> logged = new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                long millis = took.toMillis();
                String method = getMethodDescriptor().getFullMethodName();
                observer.ended(method, status.getCode().name(), took);
                if (status.isOk()) {
                    LOG.debug("{}{} OK in {} ms", method, via, millis);
                } else {
                    LOG.info(
                            "{} from {}{} {} in {} ms: {}",
                            method,
                            peer(call),
                            via,
                            status.getCode(),
                            millis,
                            oneLine(status));
                }
                super.close(status, trailers);
            }
        };
        return next.startCall(logged, headers);
    }

    private static String peer(ServerCall<?, ?> call) {
        return Optional.ofNullable(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
                .map(Object::toString)
                .filter(text -> !text.isEmpty())
                .orElse("unix socket");
    }

    /** Messages quote what clients sent; control characters must not forge log lines. */
    private static String oneLine(Status status) {
        return Optional.ofNullable(status.getDescription()).orElse("").replaceAll("\\p{Cntrl}+", " | ");
    }
}
