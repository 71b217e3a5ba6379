package dev.weft.node.reconcile;

import java.time.Duration;

/** Learns of every pass, also of those that change nothing. Called by the reconciler's thread; must not block. */
public interface PassObserver {

    /** For whom nobody counts. */
    PassObserver NONE = new PassObserver() {
        @Override
        public void passed(Duration took, int operations) {}

        @Override
        public void failed() {}
    };

    /** @param operations how many it ran on the kernel */
    void passed(Duration took, int operations);

    /** A pass ended before its end: a mistake of ours, which the log tells. */
    void failed();
}
