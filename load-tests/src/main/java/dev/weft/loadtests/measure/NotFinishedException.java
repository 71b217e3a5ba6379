package dev.weft.loadtests.measure;

import java.time.Duration;

/** A contender was still at work when its time was over, and was stopped. */
public final class NotFinishedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration after;

    /** @param after how long it was given */
    public NotFinishedException(Duration after) {
        super("not finished after " + after.toSeconds() + " s");
        this.after = after;
    }

    public Duration after() {
        return after;
    }
}
