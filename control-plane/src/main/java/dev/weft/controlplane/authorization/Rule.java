package dev.weft.controlplane.authorization;

/**
 * Who may make a call.
 *
 * @param node what a node may that has no role: its daemon, and whoever uses its socket
 */
record Rule(Need need, OnNode node) {

    /** Of calls that come from a node, or through it. */
    enum OnNode {
        /** Only for what is the node's own. */
        OWN,
        /** Not at all. */
        NONE
    }
}
