package dev.weft.controlplane.status;

import java.time.Duration;

/** Learns how long changes take into nodes' kernels, and what nodes repaired. Must not block. */
public interface ProgrammingObserver {

    /** A change is in the kernel of one node that it concerns. */
    void programmed(Duration took);

    /**
     * A node repaired objects that somebody had changed.
     *
     * @param kind of the objects, as the node calls it
     * @param count more than 0
     */
    void repaired(String kind, long count);
}
