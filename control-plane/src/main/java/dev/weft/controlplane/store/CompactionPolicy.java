package dev.weft.controlplane.store;

import java.util.OptionalLong;

/**
 * How much history stays. A watch resumes as long as its revision is there; so does the publisher of events, for which
 * history is held back: what it cannot read any more it has to list anew.
 *
 * @param keepRevisions at least so many of the newest revisions stay; &ge; 1
 * @param mostRevisions more than so many are kept for nobody; &ge; keepRevisions
 */
public record CompactionPolicy(long keepRevisions, long mostRevisions) {

    /** How many times as much is held back for the publisher. */
    private static final long PATIENCE = 20;

    public CompactionPolicy {
        if (keepRevisions < 1 || mostRevisions < keepRevisions) {
            throw new IllegalArgumentException(
                    "of history " + keepRevisions + " revisions should be kept, and at most " + mostRevisions);
        }
    }

    public static CompactionPolicy keeping(long revisions) {
        return new CompactionPolicy(revisions, Math.multiplyExact(revisions, PATIENCE));
    }

    /**
     * Up to which revision history can go.
     *
     * @param newest of the store
     * @param published up to which everything has been published, 0 if that is not known; empty where nobody publishes
     * @return 0 if all of it stays
     */
    public long target(long newest, OptionalLong published) {
        long spare = newest - keepRevisions;
        long held = published.isPresent() ? Math.min(spare, published.getAsLong()) : spare;
        return Math.max(0, Math.max(held, newest - mostRevisions));
    }
}
