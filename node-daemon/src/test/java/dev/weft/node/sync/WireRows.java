package dev.weft.node.sync;

import dev.weft.node.v1.PeerRow;
import dev.weft.node.v1.Row;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.RowKind;

/** Rows as they come over the stream. */
final class WireRows {

    private WireRows() {}

    /** 64 hexadecimal digits that begin with the given ones. */
    static String id(String start) {
        return start + "0".repeat(64 - start.length());
    }

    static Row peer(String id, String network) {
        return Row.newBuilder()
                .setKey(key(id))
                .setRevision(1)
                .setPeer(PeerRow.newBuilder()
                        .setNetworkId(id(network))
                        .setMacAddress("02:42:0a:00:00:02")
                        .addAddresses("10.0.0.2")
                        .setVtepAddress("192.0.2.1"))
                .build();
    }

    static RowKey key(String id) {
        return RowKey.newBuilder().setKind(RowKind.ROW_KIND_PEER).setId(id(id)).build();
    }
}
