package dev.weft.controlplane.store;

/** What became of a transaction. */
public sealed interface CommitResult {

    /** All writes were made, at this revision. */
    record Committed(long revision) implements CommitResult {}

    /** A compare did not hold: nothing was written. Read again and decide again. */
    record Conflict() implements CommitResult {}
}
