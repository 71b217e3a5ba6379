package dev.weft.controlplane.ipam;

import java.time.Instant;

/** What a node's reports say of an endpoint, up to a revision that was asked for. */
public sealed interface NodeAnswer {

    /**
     * The node reports it.
     *
     * @param settledRevision the kernel has it as desired at that revision; 0 where it could not be built
     */
    record Holds(long settledRevision) implements NodeAnswer {}

    /** The node has applied the revision, has told all that it has, and this endpoint is not among it. */
    record HoldsNot() implements NodeAnswer {}

    /** The node is connected, and has not told everything up to the revision yet. */
    record NotYet() implements NodeAnswer {}

    /**
     * The node has no stream: its kernel keeps what it has.
     *
     * @param since when it was last seen, or since when this control plane waits for it
     */
    record Silent(Instant since) implements NodeAnswer {}
}
