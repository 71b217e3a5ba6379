package dev.weft.node.model;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.Vni;
import java.util.Optional;

/**
 * A block of addresses of a network.
 *
 * @param gateway the bridge's own address in it, where it has one
 * @param vni on overlays
 */
public record SubnetSpec(Cidr cidr, Optional<IpAddress> gateway, Optional<Vni> vni) {

    /** The gateway as the bridge carries it. */
    public Optional<InterfaceAddress> bridgeAddress() {
        return gateway.map(address -> new InterfaceAddress(address, cidr.prefixLength()));
    }
}
