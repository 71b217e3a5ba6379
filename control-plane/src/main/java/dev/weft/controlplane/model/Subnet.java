package dev.weft.controlplane.model;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Vni;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A block of addresses of a network.
 *
 * @param cidr the whole block
 * @param range what automatic choice keeps to: the block itself or a part of it
 * @param gateway the address of the network's own interface, where it has one
 * @param auxAddresses name to address: in use by others on the wire, never handed out
 * @param vni the VXLAN network identifier, on overlays
 */
public record Subnet(
        Cidr cidr, Cidr range, Optional<IpAddress> gateway, Map<String, IpAddress> auxAddresses, Optional<Vni> vni) {

    public Subnet {
        auxAddresses = java.util.Collections.unmodifiableMap(new TreeMap<>(auxAddresses));
        if (!cidr.contains(range)) {
            throw new IllegalArgumentException("range " + range + " is not within " + cidr);
        }
    }

    public IpFamily family() {
        return cidr.family();
    }

    /** Docker's name for an auxiliary address that is another router's, past the network's own gateway. */
    public static String otherRouterName(IpFamily family) {
        return "DefaultGateway" + family;
    }

    /** Where the default route of sandboxes leads: to the other router if one is named, else to the gateway. */
    public Optional<IpAddress> defaultGateway() {
        return Optional.ofNullable(auxAddresses.get(otherRouterName(family()))).or(() -> gateway);
    }
}
