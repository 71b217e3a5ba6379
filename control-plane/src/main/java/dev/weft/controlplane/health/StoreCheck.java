package dev.weft.controlplane.health;

import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.ops.Readiness;
import java.time.Duration;

/** Whether the store answers, and whether the replica has what was committed up to then. */
public final class StoreCheck implements HealthMonitor.Check {

    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private final Store store;
    private final ClusterState state;

    public StoreCheck(Store store, ClusterState state) {
        this.store = store;
        this.state = state;
    }

    @Override
    public Readiness look() throws InterruptedException {
        long newest;
        try {
            newest = store.revision();
        } catch (StoreException e) {
            return Readiness.notReady("store: it cannot be asked for its revision: " + e.getMessage());
        }
        if (state.awaitRevision(newest, CATCH_UP)) {
            return Readiness.READY;
        }
        return Readiness.notReady("replica: it is at revision " + state.read(ClusterView::revision)
                + ", the store is at " + newest + " or later");
    }
}
