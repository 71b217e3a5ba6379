package dev.weft.node.reconcile;

/**
 * How far a row has become true in the kernel.
 *
 * @param revision of the row that this is said of
 * @param message why it is not ready; empty when it is
 */
public record RowState(Stage stage, long revision, String message) {

    /** The states of {@code weft.api.v1.ObjectStatus}, and one for rows that are no more. */
    public enum Stage {
        PENDING,
        READY,
        FAILED,
        /** Gone from the desired state and from the kernel. */
        REMOVED
    }
}
