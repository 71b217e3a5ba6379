package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.events.publish.Backlog;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.state.ClusterListener;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.state.EntityChange;
import dev.weft.controlplane.state.EntityChange.NetworkChange;
import dev.weft.controlplane.state.EntityChange.SandboxChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names of the networks and sandboxes that were deleted last. A watch tells of changes later than the replica learns of
 * them, by {@link Backlog#MAX_MUTATIONS} for most: what joined a network is often told of when that is gone.
 */
final class DepartedNames implements ClusterListener {

    private final Map<String, String> names = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > Backlog.MAX_MUTATIONS;
        }
    };

    /** The name that the network had when it was deleted; empty when that is too long ago, or was not seen. */
    synchronized Optional<String> network(NetworkId id) {
        return Optional.ofNullable(names.get(id.value()));
    }

    /** The same of a sandbox. */
    synchronized Optional<String> sandbox(SandboxId id) {
        return Optional.ofNullable(names.get(id.value()));
    }

    @Override
    public void onSnapshot(ClusterView view) {
        // What was deleted meanwhile is not told by name.
    }

    @Override
    public synchronized void onChanges(ClusterView view, List<EntityChange> changes) {
        for (EntityChange change : changes) {
            switch (change) {
                case NetworkChange(var before, var after)
                when after.isEmpty() ->
                    before.ifPresent(network -> names.put(network.id().value(), network.name()));
                case SandboxChange(var before, var after)
                when after.isEmpty() ->
                    before.ifPresent(sandbox -> names.put(sandbox.id().value(), sandbox.name()));
                case NetworkChange _, SandboxChange _, EntityChange.EndpointChange _, EntityChange.NodeChange _ -> {}
            }
        }
    }
}
