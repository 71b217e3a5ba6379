package dev.weft.controlplane.api.grpc;

import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/**
 * Whatever a service method throws past its own mapping ends the call with a mapped status, not with a bare UNKNOWN; so
 * does a message that cannot be parsed.
 */
final class FailureInterceptor implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String id = RequestContext.serverRequestId();
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean failed;

            @Override
            public void onMessage(Q message) {
                guarded(() -> super.onMessage(message));
            }

            @Override
            public void onHalfClose() {
                guarded(super::onHalfClose);
            }

            @Override
            public void onReady() {
                guarded(super::onReady);
            }

            /** gRPC brings the events of a call one at a time; after a failure the service hears of none. */
            private void guarded(Runnable event) {
                if (failed) {
                    return;
                }
                try {
                    event.run();
                } catch (RuntimeException e) {
                    failed = true;
                    StatusRuntimeException mapped = ErrorMapper.map(e, id);
                    call.close(
                            mapped.getStatus(),
                            Optional.ofNullable(mapped.getTrailers()).orElseGet(Metadata::new));
                }
            }
        };
    }
}
