package dev.weft.node.model;

import dev.weft.net.GatewayMode;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.Map;
import java.util.Set;

/**
 * How a network and who is outside reach each other, past what it publishes.
 *
 * @param modes by family; one that is not there is {@link GatewayMode#NAT}
 * @param trusted the host's interfaces by which published ports may be reached at the sandboxes' own addresses
 * @param sources by family, the host's address that what leaves by translation carries; that of the way out where there
 *     is none
 */
public record NetworkAccess(
        Map<IpFamily, GatewayMode> modes, Set<InterfaceName> trusted, Map<IpFamily, IpAddress> sources) {

    /** As a network is when nothing is said. */
    public static final NetworkAccess DEFAULT = new NetworkAccess(Map.of(), Set.of());

    public NetworkAccess {
        modes = Map.copyOf(modes);
        trusted = Set.copyOf(trusted);
        sources = Map.copyOf(sources);
    }

    /** The access to a network that leaves with the address of the way out. */
    public NetworkAccess(Map<IpFamily, GatewayMode> modes, Set<InterfaceName> trusted) {
        this(modes, trusted, Map.of());
    }

    public GatewayMode mode(IpFamily family) {
        return modes.getOrDefault(family, GatewayMode.NAT);
    }

    /** Whether published ports may be reached from outside at the sandboxes' own addresses. */
    public boolean opensPorts(IpFamily family) {
        return mode(family) == GatewayMode.ROUTED || !trusted.isEmpty();
    }
}
