package dev.weft.node.model;

import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * An endpoint of a global network on another node.
 *
 * @param addresses one a family at most
 * @param vtep the tunnel address of the node that it is on
 * @param names what others on the network find it by; the first is what its addresses resolve to
 * @param linkLocal addresses of the link alone
 */
public record PeerRow(
        String endpointId,
        long revision,
        String networkId,
        MacAddress mac,
        List<IpAddress> addresses,
        IpAddress vtep,
        List<String> names,
        List<IpAddress> linkLocal)
        implements Row {

    /** One without link-local addresses. */
    public PeerRow(
            String endpointId,
            long revision,
            String networkId,
            MacAddress mac,
            List<IpAddress> addresses,
            IpAddress vtep,
            List<String> names) {
        this(endpointId, revision, networkId, mac, addresses, vtep, names, List.of());
    }

    public PeerRow {
        linkLocal = List.copyOf(linkLocal);
        addresses = List.copyOf(addresses);
        names = List.copyOf(names);
    }

    /** All that its interface has, but for what the kernel gives it. */
    public List<IpAddress> interfaceAddresses() {
        return Stream.concat(addresses.stream(), linkLocal.stream()).toList();
    }

    @Override
    public RowKey key() {
        return new RowKey(RowKind.PEER, endpointId);
    }
}
