package dev.weft.controlplane.service;

import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from the replica. They go on while the store is away, with what the replica had last. */
final class Reads {

    private static final Logger LOG = LoggerFactory.getLogger(Reads.class);

    private final Store store;
    private final ClusterState state;
    private final Transactor transactor;

    Reads(Store store, ClusterState state, Transactor transactor) {
        this.store = store;
        this.state = state;
        this.transactor = transactor;
    }

    /** As the replica has it. */
    <T> T now(Function<ClusterView, T> function) {
        return state.read(function);
    }

    /** As the replica has it; but it refuses (not found, ambiguous) only on all that was committed before the call. */
    <T> T current(Function<ClusterView, T> function) {
        long seen = state.read(ClusterView::revision);
        try {
            return state.read(function);
        } catch (ServiceException refusal) {
            try {
                long newest = store.revision();
                if (newest <= seen) {
                    throw refusal;
                }
                transactor.awaitReplica(newest);
            } catch (StoreException e) {
                LOG.warn("Answering from the replica as of revision {}: {}", seen, e.getMessage());
                throw refusal;
            }
            return state.read(function);
        }
    }
}
