package dev.weft.node.model;

import dev.weft.net.GatewayMode;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpFamily;
import java.util.Map;
import java.util.Set;

/**
 * Who outside may reach a network, past what it publishes.
 *
 * @param modes by family; one that is not there is {@link GatewayMode#NAT}
 * @param trusted the host's interfaces by which published ports may be reached at the sandboxes' own addresses
 */
public record NetworkAccess(Map<IpFamily, GatewayMode> modes, Set<InterfaceName> trusted) {

    /** As a network is when nothing is said. */
    public static final NetworkAccess DEFAULT = new NetworkAccess(Map.of(), Set.of());

    public NetworkAccess {
        modes = Map.copyOf(modes);
        trusted = Set.copyOf(trusted);
    }

    public GatewayMode mode(IpFamily family) {
        return modes.getOrDefault(family, GatewayMode.NAT);
    }

    /** Whether published ports may be reached from outside at the sandboxes' own addresses. */
    public boolean opensPorts(IpFamily family) {
        return mode(family) == GatewayMode.ROUTED || !trusted.isEmpty();
    }
}
