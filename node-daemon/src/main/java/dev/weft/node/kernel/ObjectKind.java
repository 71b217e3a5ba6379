package dev.weft.node.kernel;

import java.util.Locale;

/** Kinds of objects, by the names under which drift is counted. */
public enum ObjectKind {
    NAMESPACE,
    FILES,
    SYSCTL,
    LINK,
    ADDRESS,
    NFT,
    FDB,
    NEIGHBOR,
    ROUTE;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
