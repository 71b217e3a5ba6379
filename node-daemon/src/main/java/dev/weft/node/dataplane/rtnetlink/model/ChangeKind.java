package dev.weft.node.dataplane.rtnetlink.model;

/** What kind of kernel state changed, without saying how: the state itself is read when it is needed. */
public enum ChangeKind {
    LINK,
    ADDRESS,
    ROUTE,
    /** A neighbor or an FDB entry. */
    NEIGHBOR,
    /** A queueing discipline, or a classifier of one. */
    QDISC,
    /** A kernel parameter of those that rtnetlink tells of: forwarding, reverse path filter, proxy ARP and ND. */
    SETTING,
    /** The nftables ruleset. */
    FIREWALL,
    /** Events were lost: anything may have changed. */
    LOST_EVENTS
}
