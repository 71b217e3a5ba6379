package dev.weft.node.names;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.PeerRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import java.util.List;
import java.util.Optional;

/** An endpoint of a network, be it here or on another node, as far as names go. */
record Member(RowKey row, String networkId, List<String> names, List<IpAddress> addresses) {

    /** Empty for rows that have no names. */
    static Optional<Member> of(Row row) {
        Optional<Member> member = row instanceof EndpointRow endpoint
                ? Optional.of(new Member(
                        endpoint.key(),
                        endpoint.networkId(),
                        endpoint.names(),
                        endpoint.addresses().stream()
                                .map(InterfaceAddress::address)
                                .toList()))
                : row instanceof PeerRow peer
                        ? Optional.of(new Member(peer.key(), peer.networkId(), peer.names(), peer.addresses()))
                        : Optional.empty();
        return member.filter(found -> !found.names().isEmpty());
    }
}
