package dev.weft.controlplane.state;

import java.util.List;

/** Learns of every revision that the replica applied. */
public interface ClusterListener {

    /** The replica was replaced as a whole: at start, and when the store's watch could not resume. */
    void onSnapshot(ClusterView view);

    /**
     * The changes of one revision have been applied; {@code view} already shows them. The list is empty if nothing but
     * leases and other bookkeeping changed up to the view's revision.
     */
    void onChanges(ClusterView view, List<EntityChange> changes);
}
