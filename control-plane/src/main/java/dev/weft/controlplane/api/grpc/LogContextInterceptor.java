package dev.weft.controlplane.api.grpc;

import dev.weft.ops.LogFormat;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.function.Supplier;
import org.slf4j.MDC;

/** Every line that is logged while a call is served has the call's id, and the revision that it made once there is one. */
final class LogContextInterceptor implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String id = RequestContext.serverRequestId();
        ServerCall.Listener<Q> listener = within(id, () -> next.startCall(call, headers));
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onMessage(Q message) {
                during(() -> super.onMessage(message));
            }

            @Override
            public void onHalfClose() {
                during(super::onHalfClose);
            }

            @Override
            public void onCancel() {
                during(super::onCancel);
            }

            @Override
            public void onComplete() {
                during(super::onComplete);
            }

            @Override
            public void onReady() {
                during(super::onReady);
            }

            private void during(Runnable event) {
                Object unusedNothing = within(id, () -> {
                    event.run();
                    return id;
                });
            }
        };
    }

    private static <T> T within(String id, Supplier<T> work) {
        MDC.put(LogFormat.REQUEST, id);
        try {
            return work.get();
        } finally {
            MDC.remove(LogFormat.REQUEST);
            MDC.remove(LogFormat.REVISION);
        }
    }
}
