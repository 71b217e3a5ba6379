package dev.weft.node.model;

/** One row of the desired state. */
public sealed interface Row permits NetworkRow, VtepRow, PeerRow, SandboxRow, EndpointRow, MalformedRow {

    RowKey key();

    /** Store revision of the newest object that the row is made of. */
    long revision();
}
