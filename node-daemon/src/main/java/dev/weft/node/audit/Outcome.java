package dev.weft.node.audit;

/** What came of a probe. */
enum Outcome {
    /** The backend answered. */
    ANSWERED,
    /** The backend refused: it was reached, and nobody listens there. */
    NO_LISTENER,
    /** The host sent the probe on to the backend, which said nothing. */
    SILENT,
    /** The host itself refused. */
    CLOSED,
    /** Another than the backend answered. */
    OTHER,
    /** Nothing came, and the host did not send the probe on. */
    DROPPED,
    /** There is no way to the address. */
    UNREACHABLE;

    /** Whether the backend is exposed this way. */
    boolean isReached() {
        return switch (this) {
            case ANSWERED, NO_LISTENER, SILENT -> true;
            case CLOSED, OTHER, DROPPED, UNREACHABLE -> false;
        };
    }
}
