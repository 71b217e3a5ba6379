package dev.weft.node.model;

/** How a network is built. */
public enum NetworkDriver {
    /** A Linux bridge of this node, with a way out. */
    BRIDGE,
    /** A Linux bridge on each node that takes part, joined by VXLAN. */
    OVERLAY,
    /** The host's own namespace. */
    HOST,
    /** Loopback only. */
    NULL
}
