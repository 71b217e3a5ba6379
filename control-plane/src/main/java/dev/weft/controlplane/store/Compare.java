package dev.weft.controlplane.store;

/** A condition of a transaction. */
public sealed interface Compare {

    String key();

    /** The key does not exist. */
    record Absent(String key) implements Compare {}

    /** The key exists, in whatever state. */
    record Exists(String key) implements Compare {}

    /** The key exists and its last write was at this revision. */
    record ModifiedAt(String key, long modRevision) implements Compare {
        public ModifiedAt {
            if (modRevision < 1) {
                // etcd reads 0 as "does not exist", which is what Absent is for.
                throw new IllegalArgumentException("modRevision of " + key + " must be at least 1: " + modRevision);
            }
        }
    }
}
