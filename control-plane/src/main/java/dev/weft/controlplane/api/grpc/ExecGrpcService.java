package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.controlplane.exec.ExecRelay;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.service.SandboxOperations;
import dev.weft.controlplane.service.ServiceException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** Commands in sandboxes over gRPC: finds the sandbox's node; the relay does the rest. */
public final class ExecGrpcService extends ExecServiceGrpc.ExecServiceImplBase {

    private final SandboxOperations sandboxes;
    private final ExecRelay relay;

    public ExecGrpcService(SandboxOperations sandboxes, ExecRelay relay) {
        this.sandboxes = sandboxes;
        this.relay = relay;
    }

    @Override
    public StreamObserver<ExecRequest> exec(StreamObserver<ExecReply> replies) {
        String id = RequestContext.serverRequestId();
        ExecRelay.Router router = start -> {
            try {
                if (start.getCommandCount() == 0) {
                    throw ServiceException.invalid("start.command", "no command given");
                }
                Sandbox sandbox = sandboxes.find(start.getSandbox());
                return new ExecRelay.Destination(
                        sandbox.node(),
                        start.toBuilder().setSandbox(sandbox.id().value()).build());
            } catch (RuntimeException e) {
                throw ErrorMapper.map(e, id);
            }
        };
        // gRPC-Java hands out no other kind of observer to a server.
        return relay.open(router, (ServerCallStreamObserver<ExecReply>) replies);
    }
}
