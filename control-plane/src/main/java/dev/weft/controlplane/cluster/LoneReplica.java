package dev.weft.controlplane.cluster;

import dev.weft.controlplane.model.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A control plane that works alone: nobody to tell anything, nobody to ask. */
public record LoneReplica(Replica self) implements ReplicaGroup {

    @Override
    public List<Replica> members() {
        return List.of(self);
    }

    @Override
    public void join(Listener listener) {
        // There is nobody who could be heard of.
    }

    @Override
    public void publish(NodeObservation observation) {
        // There is nobody to tell.
    }

    @Override
    public void forget(NodeName node) {
        // Nothing was told.
    }

    @Override
    public Optional<Boolean> awaitApplied(Replica holder, NodeName node, long revision, Duration timeout) {
        return Optional.empty();
    }

    @Override
    public List<Replica> freshOthers() {
        return List.of();
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
