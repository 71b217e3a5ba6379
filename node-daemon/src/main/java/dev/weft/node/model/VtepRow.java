package dev.weft.node.model;

import dev.weft.net.IpAddress;

/**
 * Another node that takes part in a global network.
 *
 * @param address where its broadcasts and multicasts go
 */
public record VtepRow(String networkId, String node, long revision, IpAddress address) implements Row {

    @Override
    public RowKey key() {
        return new RowKey(RowKind.VTEP, networkId + "/" + node);
    }
}
