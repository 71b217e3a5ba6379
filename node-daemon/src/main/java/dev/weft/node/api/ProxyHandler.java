package dev.weft.node.api;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Passes one call on to the control plane, byte for byte: messages both ways, each asked for only when the other side
 * wants one; metadata, deadline, cancellation, status and trailers.
 */
final class ProxyHandler implements ServerCallHandler<byte[], byte[]> {

    static final Metadata.Key<String> VIA_NODE = Metadata.Key.of("weft-via-node", Metadata.ASCII_STRING_MARSHALLER);

    private final Channel channel;
    private final String node;
    private final String peer;
    private final MethodDescriptor<byte[], byte[]> method;

    ProxyHandler(Channel channel, String node, String peer, MethodDescriptor<byte[], byte[]> method) {
        this.channel = channel;
        this.node = node;
        this.peer = peer;
        this.method = method;
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> caller, Metadata headers) {
        CallOptions options = CallOptions.DEFAULT;
        Deadline deadline = Context.current().getDeadline();
        if (deadline != null) {
            options = options.withDeadline(deadline);
        }
        ClientCall<byte[], byte[]> upstream = channel.newCall(method, options);
        headers.discardAll(VIA_NODE);
        headers.put(VIA_NODE, node);
        FromCaller fromCaller = new FromCaller(caller, upstream);
        upstream.start(new FromUpstream(caller, fromCaller), headers);
        caller.request(1);
        upstream.request(1);
        return fromCaller;
    }

    private final class FromCaller extends ServerCall.Listener<byte[]> {

        private final ServerCall<byte[], byte[]> caller;
        private final ClientCall<byte[], byte[]> upstream;
        /** A message was passed on while upstream was full: ask for the next one when it is ready. */
        private boolean waitsForUpstream;

        private boolean ended;

        FromCaller(ServerCall<byte[], byte[]> caller, ClientCall<byte[], byte[]> upstream) {
            this.caller = caller;
            this.upstream = upstream;
        }

        @Override
        public void onMessage(byte[] message) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                upstream.sendMessage(message);
                if (!upstream.isReady()) {
                    waitsForUpstream = true;
                    return;
                }
            }
            caller.request(1);
        }

        void upstreamReady() {
            synchronized (this) {
                if (!waitsForUpstream) {
                    return;
                }
                waitsForUpstream = false;
            }
            caller.request(1);
        }

        @Override
        public synchronized void onHalfClose() {
            if (!ended) {
                upstream.halfClose();
            }
        }

        @Override
        public synchronized void onCancel() {
            ended = true;
            upstream.cancel("the caller gave up", null);
        }

        synchronized void end() {
            ended = true;
        }

        @Override
        public void onReady() {
            fromUpstreamReady();
        }

        private @Nullable Runnable askUpstream;

        synchronized void askUpstreamWhenReady(Runnable ask) {
            if (caller.isReady()) {
                ask.run();
            } else {
                askUpstream = ask;
            }
        }

        private synchronized void fromUpstreamReady() {
            Runnable ask = askUpstream;
            askUpstream = null;
            if (ask != null) {
                ask.run();
            }
        }
    }

    private final class FromUpstream extends ClientCall.Listener<byte[]> {

        private final ServerCall<byte[], byte[]> caller;
        private final FromCaller fromCaller;
        private boolean headersSent;

        FromUpstream(ServerCall<byte[], byte[]> caller, FromCaller fromCaller) {
            this.caller = caller;
            this.fromCaller = fromCaller;
        }

        @Override
        public void onHeaders(Metadata headers) {
            headersSent = true;
            caller.sendHeaders(headers);
        }

        @Override
        public void onMessage(byte[] message) {
            caller.sendMessage(message);
            fromCaller.askUpstreamWhenReady(() -> fromCaller.upstream.request(1));
        }

        @Override
        public void onReady() {
            fromCaller.upstreamReady();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            fromCaller.end();
            Status told = status;
            // No answer at all: it was not the control plane that said so, but the way there.
            if (status.getCode() == Status.Code.UNAVAILABLE
                    && !headersSent
                    && trailers.keys().isEmpty()) {
                told = Status.UNAVAILABLE.withDescription(
                        "the control plane at " + peer + " cannot be reached from node "
                                + node + "; running workloads are not affected ("
                                + (status.getDescription() == null ? "no connection" : status.getDescription()) + ")");
            }
            caller.close(told, trailers);
        }
    }
}
