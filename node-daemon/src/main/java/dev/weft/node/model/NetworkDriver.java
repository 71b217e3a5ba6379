package dev.weft.node.model;

/** How a network is built. */
public enum NetworkDriver {
    /** A Linux bridge of this node, with a way out. */
    BRIDGE,
    /** A Linux bridge on each node that takes part, joined by VXLAN. */
    OVERLAY,
    /** Links with MACs of their own on a host interface's wire. */
    MACVLAN,
    /** Links with a host interface's MAC on its wire. */
    IPVLAN,
    /** The host's own namespace. */
    HOST,
    /** Loopback only. */
    NULL
}
