package dev.weft.controlplane.status;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.RowKind;
import java.util.ArrayList;
import java.util.List;

/** A row that somebody waits for, and the revision it has to be reported at. */
record Wanted(NodeName node, RowKey key, long revision) {

    static Wanted sandbox(Versioned<Sandbox> sandbox) {
        return new Wanted(sandbox.value().node(), key(sandbox.value().id()), sandbox.modRevision());
    }

    static Wanted endpoint(Versioned<Endpoint> endpoint) {
        return new Wanted(endpoint.value().node(), key(endpoint.value().id()), endpoint.modRevision());
    }

    static List<Wanted> sandboxAndEndpoints(ClusterView view, SandboxId id) {
        List<Wanted> wanted = new ArrayList<>();
        view.sandbox(id).map(Wanted::sandbox).ifPresent(sandbox -> {
            wanted.add(sandbox);
            // One that has fallen back is not waited for: the sandbox is as it may be.
            view.endpointsIn(id).stream()
                    .filter(endpoint -> endpoint.value().fallback().fallen().isEmpty())
                    .forEach(endpoint -> wanted.add(endpoint(endpoint)));
        });
        return wanted;
    }

    static RowKey key(SandboxId id) {
        return RowKey.newBuilder()
                .setKind(RowKind.ROW_KIND_SANDBOX)
                .setId(id.value())
                .build();
    }

    static RowKey key(EndpointId id) {
        return RowKey.newBuilder()
                .setKind(RowKind.ROW_KIND_ENDPOINT)
                .setId(id.value())
                .build();
    }
}
