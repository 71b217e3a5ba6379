package dev.weft.controlplane.state;

import java.time.Duration;
import java.util.function.Function;

/** The replica: many readers, one writer (the watch). */
public interface ClusterState {

    /** Runs the function on the state of one revision. The function must not block or keep the view. */
    <T> T read(Function<ClusterView, T> function);

    /**
     * Waits until the replica has reached the revision.
     *
     * @return whether it has, within the time
     */
    boolean awaitRevision(long revision, Duration timeout) throws InterruptedException;

    /** Called after each applied revision, in order, on the writer's thread; must not block. */
    Subscription subscribe(ClusterListener listener);

    /** Ends a subscription. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
