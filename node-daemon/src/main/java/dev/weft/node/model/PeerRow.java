package dev.weft.node.model;

import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.util.List;

/**
 * An endpoint of a global network on another node.
 *
 * @param addresses one a family at most
 * @param vtep the tunnel address of the node that it is on
 * @param names what others on the network find it by; the first is what its addresses resolve to
 */
public record PeerRow(
        String endpointId,
        long revision,
        String networkId,
        MacAddress mac,
        List<IpAddress> addresses,
        IpAddress vtep,
        List<String> names)
        implements Row {

    public PeerRow {
        addresses = List.copyOf(addresses);
        names = List.copyOf(names);
    }

    @Override
    public RowKey key() {
        return new RowKey(RowKind.PEER, endpointId);
    }
}
