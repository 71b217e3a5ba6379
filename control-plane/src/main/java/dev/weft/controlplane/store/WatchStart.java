package dev.weft.controlplane.store;

/** Where a watch begins. */
public sealed interface WatchStart {

    /** With the current entries, then what follows. */
    record FromSnapshot() implements WatchStart {}

    /**
     * With the first revision after this one, which may lie in the future. If that has been compacted, the only event is
     * {@link WatchEvent.Compacted}.
     */
    record After(long revision) implements WatchStart {}
}
