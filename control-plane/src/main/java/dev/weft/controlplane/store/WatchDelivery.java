package dev.weft.controlplane.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener's side of a watch, the same for every implementation: one call at a time, each event told until the
 * listener takes it, none after {@link #close} has returned.
 */
public final class WatchDelivery {

    private static final Logger log = LoggerFactory.getLogger(WatchDelivery.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String name;
    private final WatchListener listener;
    private final ReentrantLock calling = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param name of the watch, for the log */
    public WatchDelivery(String name, WatchListener listener) {
        this.name = name;
        this.listener = listener;
    }

    /** Returns once the listener has taken the event: true, or false if the watch was closed first. */
    public boolean deliver(WatchEvent event) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (!call(event)) {
            if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        return !isClosed();
    }

    private boolean call(WatchEvent event) {
        calling.lock();
        try {
            if (!isClosed()) {
                listener.on(event);
            }
            return true;
        } catch (RuntimeException e) {
            log.error("{}: the listener failed on {}; it will be told again", name, describe(event), e);
            return false;
        } finally {
            calling.unlock();
        }
    }

    public boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits as long as the pause, or until closed; returns whether closed. */
    public boolean awaitClose(Duration pause) throws InterruptedException {
        return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for a call in progress, unless this thread is in it. */
    public void close() {
        closed.countDown();
        calling.lock();
        calling.unlock();
    }

    private static String describe(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Snapshot s -> "the snapshot of revision " + s.revision();
            case WatchEvent.Changes c -> "the changes of revision " + c.revision();
            case WatchEvent.Progress p -> "progress to revision " + p.revision();
            case WatchEvent.Compacted c -> "compaction up to revision " + c.oldestRevision();
        };
    }
}
