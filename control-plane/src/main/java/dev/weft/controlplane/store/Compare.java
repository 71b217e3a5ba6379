package dev.weft.controlplane.store;

/** A condition of a transaction. */
public sealed interface Compare {

    String key();

    /** The key does not exist. */
    record Absent(String key) implements Compare {}

    /** The key exists, in whatever state. */
    record Exists(String key) implements Compare {}

    /** The key exists and its last write was at this revision. */
    record ModifiedAt(String key, long modRevision) implements Compare {}
}
