package dev.weft.controlplane.cluster;

import io.grpc.Channel;

/** The ways to the other replicas' API. */
@FunctionalInterface
public interface ReplicaChannels {

    /** Calls on it are marked as {@linkplain ForwardedCalls forwarded}. It stays its owner's to shut down. */
    Channel to(Replica replica);
}
