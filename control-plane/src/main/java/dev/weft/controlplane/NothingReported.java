package dev.weft.controlplane;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.status.NodeLiveness;
import dev.weft.controlplane.status.ObservedStatus;
import dev.weft.controlplane.status.StatusBoard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A status board without node streams. */
final class NothingReported implements StatusBoard {

    @Override
    public ObservedStatus sandbox(SandboxId id) {
        return new ObservedStatus.Pending("not reported yet");
    }

    @Override
    public ObservedStatus endpoint(EndpointId id) {
        return new ObservedStatus.Pending("not reported yet");
    }

    @Override
    public NodeLiveness node(NodeName name) {
        return new NodeLiveness(false, Optional.empty(), 0, 0, Map.of(), List.of());
    }

    @Override
    public ObservedStatus awaitSandbox(SandboxId id, long revision, Duration timeout) {
        return sandbox(id);
    }

    @Override
    public ObservedStatus awaitEndpoint(EndpointId id, long revision, Duration timeout) {
        return endpoint(id);
    }

    @Override
    public boolean awaitApplied(NodeName node, long revision, Duration timeout) {
        return false;
    }
}
