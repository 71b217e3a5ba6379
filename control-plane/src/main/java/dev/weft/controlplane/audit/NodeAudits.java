package dev.weft.controlplane.audit;

import dev.weft.controlplane.authorization.Caller;
import dev.weft.node.v1.AuditReceived;
import dev.weft.node.v1.AuditReport;
import io.grpc.stub.StreamObserver;

/** Takes the calls that nodes dial back. */
public interface NodeAudits {

    /**
     * Serves one AttachAudit call.
     *
     * @param caller who dials: only the node that was asked may
     * @param call ended when the node has told all, or NOT_FOUND if nobody waits for its id, or CANCELLED if nobody does
     *     any more
     * @return takes what the node finds
     */
    StreamObserver<AuditReport> attach(Caller caller, StreamObserver<AuditReceived> call);
}
