package dev.weft.node.model;

import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.util.List;

/**
 * An endpoint of a global network on another node.
 *
 * @param addresses one a family at most
 * @param vtep the tunnel address of the node that it is on
 */
public record PeerRow(
        String endpointId, long revision, String networkId, MacAddress mac, List<IpAddress> addresses, IpAddress vtep)
        implements Row {

    public PeerRow {
        addresses = List.copyOf(addresses);
    }

    @Override
    public RowKey key() {
        return new RowKey(RowKind.PEER, endpointId);
    }
}
