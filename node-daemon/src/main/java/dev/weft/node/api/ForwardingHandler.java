package dev.weft.node.api;

import com.google.common.io.ByteStreams;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Passes every call on to the control plane as bytes, whatever the method, with metadata, deadline, cancellation and
 * back-pressure both ways, and adds the name of the node that it came through.
 */
final class ForwardingHandler extends HandlerRegistry {

    static final Metadata.Key<String> VIA_NODE = Metadata.Key.of("weft-via-node", Metadata.ASCII_STRING_MARSHALLER);

    private final Channel controlPlane;
    private final String node;

    ForwardingHandler(Channel controlPlane, String node) {
        this.controlPlane = controlPlane;
        this.node = node;
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String methodName, @Nullable String authority) {
        // The kind of call is not known here; a call with any number of messages both ways fits them all.
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER)
                .setFullMethodName(methodName)
                .setType(MethodDescriptor.MethodType.UNKNOWN)
                .build();
        return ServerMethodDefinition.create(method, new Forwarder(method));
    }

    private final class Forwarder implements ServerCallHandler<byte[], byte[]> {

        private final MethodDescriptor<byte[], byte[]> method;

        Forwarder(MethodDescriptor<byte[], byte[]> method) {
            this.method = method;
        }

        @Override
        public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> inbound, Metadata headers) {
            CallOptions options = CallOptions.DEFAULT;
            Deadline deadline = Context.current().getDeadline();
            if (deadline != null) {
                options = options.withDeadline(deadline);
            }
            ClientCall<byte[], byte[]> outbound = controlPlane.newCall(method, options);
            // Nobody but this daemon says which node a call came through.
            headers.discardAll(VIA_NODE);
            headers.put(VIA_NODE, node);
            Back back = new Back(inbound, outbound);
            outbound.start(back, headers);
            outbound.request(1);
            inbound.request(1);
            return new Forth(outbound, back);
        }
    }

    /** Client to control plane. */
    private static final class Forth extends ServerCall.Listener<byte[]> {
        private final ClientCall<byte[], byte[]> outbound;
        private final Back back;

        Forth(ClientCall<byte[], byte[]> outbound, Back back) {
            this.outbound = outbound;
            this.back = back;
        }

        @Override
        public void onMessage(byte[] message) {
            outbound.sendMessage(message);
            back.requestFromClient();
        }

        @Override
        public void onHalfClose() {
            outbound.halfClose();
        }

        @Override
        public void onCancel() {
            outbound.cancel("the client ended the call", null);
        }

        @Override
        public void onReady() {
            back.requestFromControlPlane();
        }
    }

    /** Control plane to client. */
    private static final class Back extends ClientCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> inbound;
        private final ClientCall<byte[], byte[]> outbound;
        private boolean clientWaits;
        private boolean controlPlaneWaits;

        Back(ServerCall<byte[], byte[]> inbound, ClientCall<byte[], byte[]> outbound) {
            this.inbound = inbound;
            this.outbound = outbound;
        }

        @Override
        public void onHeaders(Metadata headers) {
            inbound.sendHeaders(headers);
        }

        @Override
        public void onMessage(byte[] message) {
            inbound.sendMessage(message);
            synchronized (this) {
                if (!inbound.isReady()) {
                    controlPlaneWaits = true;
                    return;
                }
            }
            outbound.request(1);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            inbound.close(explained(status), trailers);
        }

        @Override
        public void onReady() {
            synchronized (this) {
                if (!clientWaits) {
                    return;
                }
                clientWaits = false;
            }
            inbound.request(1);
        }

        /** The client has sent a message; take the next one when the control plane can. */
        void requestFromClient() {
            synchronized (this) {
                if (!outbound.isReady()) {
                    clientWaits = true;
                    return;
                }
            }
            inbound.request(1);
        }

        /** The client can take more. */
        void requestFromControlPlane() {
            synchronized (this) {
                if (!controlPlaneWaits) {
                    return;
                }
                controlPlaneWaits = false;
            }
            outbound.request(1);
        }

        private static Status explained(Status status) {
            // A connection that could not be made has an exception for its cause; an answer of the control plane has
            // none.
            if (status.getCode() == Status.Code.UNAVAILABLE && status.getCause() != null) {
                return Status.UNAVAILABLE.withDescription("the node's daemon does not reach the control plane ("
                        + status.getCause().getMessage()
                        + "); what is built stays as it is, changes have to wait");
            }
            return status;
        }
    }

    /** Messages as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        static final Bytes MARSHALLER = new Bytes();

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return ByteStreams.toByteArray(stream);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
