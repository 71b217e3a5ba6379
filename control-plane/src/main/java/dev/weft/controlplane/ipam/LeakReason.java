package dev.weft.controlplane.ipam;

/** Why nobody seems to need a lease. */
public enum LeakReason {
    /** Its endpoint is not stored. */
    NO_ENDPOINT,
    /** Its endpoint is stored, and has another address or none. */
    ADDRESS_UNUSED,
    /** Its endpoint's sandbox is not stored. */
    NO_SANDBOX,
    /** Its endpoint's node is not registered. */
    NO_NODE,
    /** Its endpoint's node, which has applied everything, reports no such endpoint. */
    NOT_ON_NODE
}
