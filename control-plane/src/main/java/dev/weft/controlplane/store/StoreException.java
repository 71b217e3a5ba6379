package dev.weft.controlplane.store;

import org.jspecify.annotations.Nullable;

/** The store could not do what was asked. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What a caller can make of it. */
    public enum Kind {
        /** Not reachable, or no leader; nothing was written. Worth another try later. */
        UNAVAILABLE,
        /** The answer to a commit was lost: it may or may not have been applied. Read before trying again. */
        OUTCOME_UNKNOWN,
        /** A key, value or transaction over the limits; nothing was written. */
        TOO_LARGE,
        /** The store's disk or quota is full; nothing was written. */
        FULL,
        /** The time to live that a put names has ended; nothing was written. */
        EXPIRED,
        /** This store object was closed. */
        CLOSED,
        /** Anything else: a defect or damaged data. */
        INTERNAL
    }

    private final Kind kind;

    public StoreException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
