package dev.weft.controlplane.exec;

import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.controlplane.authorization.Caller;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** Takes the calls that nodes dial back. */
public interface NodeExecs {

    /**
     * Serves one AttachExec call. To be called from within the gRPC method itself, before it returns.
     *
     * @param execId from the call's metadata; each is good for one call
     * @param caller who dials: only the node that was asked may
     * @param requests gets the client's requests; NOT_FOUND if nobody waits for the id
     * @return takes what the command says
     */
    StreamObserver<ExecReply> attach(
            Optional<String> execId, Caller caller, ServerCallStreamObserver<ExecRequest> requests);
}
