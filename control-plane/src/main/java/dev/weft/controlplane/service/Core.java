package dev.weft.controlplane.service;

import dev.weft.controlplane.ipam.SubnetPlanner;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.status.StatusBoard;
import dev.weft.controlplane.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What all use cases work with.
 *
 * @param networkCreation see {@link #creatingNetwork}
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
        PortClaims ports,
        Clock clock,
        Duration restPeriod) {

    private static final Duration CREATION_PATIENCE = Duration.ofSeconds(15);

    /**
     * Makes a network while no other request of this process does, so that they do not fail each other's compares on the
     * address spaces; other replicas still may.
     *
     * @throws ServiceException if those before it take too long, as they do when the store is away
     */
    <T> T creatingNetwork(Supplier<T> creation) {
        try {
            if (!networkCreation.tryLock(CREATION_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ServiceException(
                        Reason.CONTENTION,
                        "networks that others make have kept this one waiting for " + CREATION_PATIENCE.toSeconds()
                                + " s; nothing was written; try again");
            }
        } catch (InterruptedException e) {
            throw Transactor.interrupted(e);
        }
        try {
            return creation.get();
        } finally {
            networkCreation.unlock();
        }
    }

    /** A network as messages name it: what users call it, and the id that tells it from others of that name. */
    String describe(NetworkId id) {
        return state.read(view -> view.network(id))
                .map(network -> network.value().name() + " (" + id.shortId() + ")")
                .orElseGet(id::shortId);
    }
}
