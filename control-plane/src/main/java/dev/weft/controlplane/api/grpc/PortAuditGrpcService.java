package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.AuditPortsReply;
import dev.weft.api.v1.AuditPortsRequest;
import dev.weft.api.v1.PortAuditServiceGrpc;
import dev.weft.controlplane.audit.DialBackAudits;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.service.PortOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;

/** Audits of published ports over gRPC: finds the sandboxes that are meant; their nodes do the rest. */
public final class PortAuditGrpcService extends PortAuditServiceGrpc.PortAuditServiceImplBase {

    private final PortOperations ports;
    private final DialBackAudits audits;

    public PortAuditGrpcService(PortOperations ports, DialBackAudits audits) {
        this.ports = ports;
        this.audits = audits;
    }

    @Override
    public void auditPorts(AuditPortsRequest request, StreamObserver<AuditPortsReply> replies) {
        Map<NodeName, List<SandboxId>> wanted;
        try {
            wanted = ports.published(request.getSandbox(), request.getNode(), request.getNetwork());
        } catch (RuntimeException e) {
            replies.onError(ErrorMapper.map(e, RequestContext.serverRequestId()));
            return;
        }
        // gRPC-Java hands out no other kind of observer to a server.
        audits.start(request, wanted, (ServerCallStreamObserver<AuditPortsReply>) replies);
    }
}
