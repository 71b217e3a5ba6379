package dev.weft.controlplane.store;

import java.time.Duration;

/** Learns of commits. Called by whoever commits; must not block. */
public interface CommitObserver {

    /** How a commit ended. */
    enum Outcome {
        COMMITTED,
        CONFLICT,
        /** Also where it is not known whether it was applied. */
        FAILED
    }

    /**
     * A commit ended.
     *
     * @param beginNanoTime when it was begun, by {@link System#nanoTime}
     * @param revision of a transaction that was committed; 0 otherwise
     */
    void ended(Outcome outcome, long revision, long beginNanoTime, Duration took);
}
