package dev.weft.controlplane.model;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One sandbox's place on one network.
 *
 * @param node the sandbox's node, repeated here because every reader needs it
 * @param link what it has on the wire; empty on host and null networks
 * @param gatewayPriority the higher one provides the sandbox's default route
 */
public record Endpoint(
        EndpointId id,
        NetworkId network,
        SandboxId sandbox,
        NodeName node,
        Instant createTime,
        Optional<Link> link,
        List<String> aliases,
        Map<String, String> driverOptions,
        int gatewayPriority) {

    /**
     * The interface inside the sandbox.
     *
     * @param addresses at most one a family, with the subnet's prefix length
     */
    public record Link(InterfaceName name, MacAddress mac, List<InterfaceAddress> addresses) {

        public Link {
            addresses = List.copyOf(addresses);
        }

        public Optional<InterfaceAddress> address(IpFamily family) {
            return addresses.stream()
                    .filter(address -> address.family() == family)
                    .findFirst();
        }
    }

    public Endpoint {
        aliases = List.copyOf(aliases);
        driverOptions = Network.sorted(driverOptions);
    }
}
