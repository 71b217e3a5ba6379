package dev.weft.node.exec;

import dev.weft.node.sync.ExecDialer;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;

/** Dials back to the control plane for each command that it asks for. */
public final class ExecRunner implements ExecDialer {

    private static final Metadata.Key<String> EXEC_ID =
            Metadata.Key.of("weft-exec-id", Metadata.ASCII_STRING_MARSHALLER);

    private final Channel controlPlane;
    private final SandboxLocator sandboxes;

    public ExecRunner(Channel controlPlane, SandboxLocator sandboxes) {
        this.controlPlane = controlPlane;
        this.sandboxes = sandboxes;
    }

    @Override
    public void dial(String execId) {
        Metadata headers = new Metadata();
        headers.put(EXEC_ID, execId);
        ExecSession session = new ExecSession(execId, sandboxes);
        var unused = NodeSyncServiceGrpc.newStub(controlPlane)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .attachExec(session);
        session.begin();
    }
}
