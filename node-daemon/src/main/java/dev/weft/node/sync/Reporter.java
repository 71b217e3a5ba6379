package dev.weft.node.sync;

import java.time.Duration;
import java.util.function.Predicate;

/** Sends reports of one stream from a thread of its own: a full one first, then changes when woken, and now and then. */
final class Reporter implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** What a report should hold. */
    enum Kind {
        FULL,
        CHANGES
    }

    private final Predicate<Kind> send;
    private final Thread thread;
    private boolean woken;
    private boolean closed;

    /**
     * Makes a reporter.
     *
     * @param send sends a report; returns whether it could
     */
    Reporter(Predicate<Kind> send) {
        this.send = send;
        this.thread = Thread.ofPlatform().name("weft-reporter").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    private void run() {
        Kind next = Kind.FULL;
        while (!isClosed()) {
            if (send.test(next)) {
                next = Kind.CHANGES;
            }
            awaitWake();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void awaitWake() {
        long deadline = System.nanoTime() + INTERVAL.toNanos();
        try {
            while (!woken && !closed) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                wait(Math.max(1, left / 1_000_000));
            }
            woken = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
