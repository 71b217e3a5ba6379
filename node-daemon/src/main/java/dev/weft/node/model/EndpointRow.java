package dev.weft.node.model;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint of this node.
 *
 * @param interfaceName inside the sandbox; absent, as is the MAC, on host and null networks
 * @param addresses one a family at most
 * @param gateways the default routes that this endpoint gives its sandbox: none, one or one a family
 */
public record EndpointRow(
        String id,
        long revision,
        String networkId,
        String sandboxId,
        Optional<InterfaceName> interfaceName,
        Optional<MacAddress> mac,
        List<InterfaceAddress> addresses,
        List<IpAddress> gateways,
        List<String> aliases)
        implements Row {

    public EndpointRow {
        addresses = List.copyOf(addresses);
        gateways = List.copyOf(gateways);
        aliases = List.copyOf(aliases);
    }

    @Override
    public RowKey key() {
        return new RowKey(RowKind.ENDPOINT, id);
    }
}
