package dev.weft.controlplane.events;

/**
 * How far the events have been published.
 *
 * @param revision every change up to this one has been
 * @param term of the leader that published
 * @param listing whether a listing had begun that is not complete: what comes after the revision is there in part
 */
public record Progress(long revision, long term, boolean listing) {

    /**
     * Whether publishing can go on with the changes after the revision.
     *
     * @param currentTerm the leader's
     * @param newestRevision the store's
     */
    public boolean isResumable(long currentTerm, long newestRevision) {
        // Of a later term or revision than there are: the store is another one, or was restored from a backup.
        return !listing && term <= currentTerm && revision <= newestRevision;
    }
}
