package dev.weft.controlplane.store.sqlite;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The newest committed revision, and a way to wait for one that is newer. */
final class RevisionSignal {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long revision;

    RevisionSignal(long revision) {
        this.revision = revision;
    }

    long revision() {
        return revision;
    }

    void advance(long newRevision) {
        lock.lock();
        try {
            revision = newRevision;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Makes all waiting threads look again. */
    void wakeAll() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the revision is newer, the time is over, or the waiting thread was told to look again. */
    void awaitAfter(long known, Duration atMost, WatchState watch) throws InterruptedException {
        lock.lock();
        try {
            if (revision <= known && !watch.isClosed()) {
                boolean _ = changed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Read under the lock, so that a close between the question and the wait is not missed. */
    @FunctionalInterface
    interface WatchState {
        boolean isClosed();
    }
}
