package dev.weft.controlplane.service;

import dev.weft.controlplane.ipam.SubnetPlanner;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.status.StatusBoard;
import dev.weft.controlplane.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all use cases work with.
 *
 * @param networkCreation taken while a network is made, so that the requests of one process do not fail each other's
 *     compares on the address spaces; other replicas still may
 * @param restPeriod how long a released address is not handed out again, unless nothing else is left
 */
record Core(
        Store store,
        ClusterState state,
        StatusBoard status,
        Transactor transactor,
        ObjectIdSource ids,
        SandboxNames names,
        SubnetPlanner subnets,
        Reads reads,
        ReentrantLock networkCreation,
        Clock clock,
        Duration restPeriod) {

    /** A network as messages name it: what users call it, and the id that tells it from others of that name. */
    String describe(NetworkId id) {
        return state.read(view -> view.network(id))
                .map(network -> network.value().name() + " (" + id.shortId() + ")")
                .orElseGet(id::shortId);
    }
}
