package dev.weft.node.kernel;

import java.util.Locale;

/** Kinds of objects, by the names under which drift is counted. */
public enum ObjectKind {
    NAMESPACE,
    FILES,
    SYSCTL,
    LINK,
    ADDRESS,
    /** Sockets that hold published ports. */
    PORT,
    NFT,
    FDB,
    NEIGHBOR,
    ROUTE,
    /** Limits of links, and the way of what comes in to one. */
    QDISC,
    RESOLVER;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
