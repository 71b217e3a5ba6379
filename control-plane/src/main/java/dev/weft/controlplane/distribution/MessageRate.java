package dev.weft.controlplane.distribution;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * How fast one stream's messages are taken in. A daemon reports after passes that changed something and every few seconds,
 * far less than this; one that floods waits, and keeps nobody else waiting. Used by one thread at a time.
 */
final class MessageRate {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Messages that may come at once after a time without any. */
    private static final int BURST = 400;

    private final LongSupplier nanoTime;

    /** When the next message would be due if all came at the highest steady rate. */
    private long nextDue;

    MessageRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nextDue = nanoTime.getAsLong();
    }

    /** Returns when one more message may be taken in. */
    void await() {
        long wait = take();
        if (wait > 0) {
            LockSupport.parkNanos(wait);
        }
    }

    /** Takes one more in; returns for how long to wait before that, in nanoseconds. */
    long take() {
        long now = nanoTime.getAsLong();
        nextDue = Math.max(nextDue, now - BURST * INTERVAL_NANOS) + INTERVAL_NANOS;
        return Math.max(0, nextDue - now);
    }
}
