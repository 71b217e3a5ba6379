package dev.weft.controlplane.exec;

import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.controlplane.model.NodeName;
import io.grpc.stub.StreamObserver;

/** Asks a node to dial back for a command, and pipes between the two streams, both ways, with back-pressure. */
public interface ExecRelay {

    /**
     * Opens the way to the node.
     *
     * @param replies gets what the node answers; an error if the node is not connected or does not dial back in time
     * @return takes the client's requests, the start (with the sandbox's full id) first
     */
    StreamObserver<ExecRequest> open(NodeName node, StreamObserver<ExecReply> replies);
}
