package dev.weft.controlplane.state;

import java.time.Duration;
import java.util.function.Function;

/** The replica: many readers, one writer (the watch). */
public interface ClusterState {

    /** Runs the function on the state of one revision. The function must not block or keep the view. */
    <T> T read(Function<ClusterView, T> function);

    /**
     * Waits until the replica has reached the revision and all listeners have been told.
     *
     * @return whether it has, within the time
     */
    boolean awaitRevision(long revision, Duration timeout) throws InterruptedException;

    /**
     * Called after each applied revision, in order, on the writer's thread; must not block. A replica that is already
     * filled is shown to the listener before this method returns, so nothing is missed and nothing comes twice. Not to
     * be called from within {@link #read}.
     */
    Subscription subscribe(ClusterListener listener);

    /** Ends a subscription. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
