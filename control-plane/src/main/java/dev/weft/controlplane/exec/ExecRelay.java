package dev.weft.controlplane.exec;

import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecStart;
import dev.weft.controlplane.model.NodeName;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** Asks a node to dial back for a command, and pipes between the two streams, both ways, with back-pressure. */
public interface ExecRelay {

    /**
     * Serves one Exec call. To be called from within the gRPC method itself, before it returns: only then may flow
     * control and cancellation of the call be taken over.
     *
     * @param router says, when the first request has come, where it goes
     * @param replies gets what the node answers; an error if the node is not connected or does not dial back in time
     * @return takes the client's requests, the start first
     */
    StreamObserver<ExecRequest> open(Router router, ServerCallStreamObserver<ExecReply> replies);

    /** Finds the sandbox that a command is meant for. */
    @FunctionalInterface
    interface Router {

        /**
         * Resolves the start's sandbox reference; may block.
         *
         * @throws io.grpc.StatusRuntimeException what the client is answered if the start is not acceptable
         */
        Destination route(ExecStart start);
    }

    /**
     * Where a command runs.
     *
     * @param start as the node gets it: with the sandbox's full id
     */
    record Destination(NodeName node, ExecStart start) {}
}
