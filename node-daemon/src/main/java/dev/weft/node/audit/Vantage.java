package dev.weft.node.audit;

/** Where a probe comes from. */
enum Vantage {
    /** The host, to one of its loopback addresses. */
    LOOPBACK,
    /** The host, to one of its other addresses. */
    HOST,
    /** Another host: a stranger on a link of the host's. */
    LAN
}
