package dev.weft.node.model;

/** What a row speaks of. The order is that of dependence: later ones refer to earlier ones. */
public enum RowKind {
    NETWORK,
    VTEP,
    PEER,
    SANDBOX,
    ENDPOINT
}
