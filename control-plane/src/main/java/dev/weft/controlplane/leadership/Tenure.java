package dev.weft.controlplane.leadership;

import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Store;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One replica's unbroken time as the leader.
 *
 * <p>{@link #isOver} is what this process knows; a process that was stopped for a while may know it late. So a leader's
 * write never relies on it: it compares {@link #held} in its own transaction, and the store refuses it once another leads.
 */
public final class Tenure {

    private final Store store;
    private final long term;
    private final Compare held;
    private final long revision;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile long lastNanoTime;

    /**
     * @param revision at which the leader's key was written; nobody writes it again in this tenure
     * @param lastNanoTime after this the key may have vanished, unless it is renewed
     */
    Tenure(Store store, long term, long revision, long lastNanoTime) {
        this.store = store;
        this.term = term;
        this.revision = revision;
        this.held = new Compare.ModifiedAt(Keys.LEADER, revision);
        this.lastNanoTime = lastNanoTime;
    }

    /** Higher than that of every leader before. */
    public long term() {
        return term;
    }

    /** Holds as long as this replica leads. */
    public Compare held() {
        return held;
    }

    /** Asks the store whether this replica leads; what was certain when this method returned may be over now. */
    public boolean isConfirmed() {
        return store.get(Keys.LEADER)
                .filter(entry -> entry.modRevision() == revision)
                .isPresent();
    }

    /** Whether this process knows that it does not lead any more, or does not know that it still does. */
    public boolean isOver() {
        return over.getCount() == 0 || lastNanoTime - System.nanoTime() < 0;
    }

    /** Waits as long as the pause, or until the tenure is over; returns whether it is. */
    public boolean awaitEnd(Duration pause) throws InterruptedException {
        return over.await(pause.toMillis(), TimeUnit.MILLISECONDS) || isOver();
    }

    void renewedUntil(long nanoTime) {
        lastNanoTime = nanoTime;
    }

    void end() {
        over.countDown();
    }
}
