package dev.weft.controlplane.model;

import dev.weft.net.Bandwidth;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One sandbox's place on one network.
 *
 * @param node the sandbox's node, repeated here because every reader needs it
 * @param link what it has on the wire; empty on host and null networks, and while it has fallen back for want of an
 *     address or to the host
 * @param fallback what it may use instead of its network, and whether it does
 * @param gatewayPriority the higher one provides the sandbox's default route
 * @param bandwidth what may pass through it
 * @param retention for how long its addresses and its MAC are kept for a sandbox of the same name when it goes
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
        int gatewayPriority,
        Fallback fallback,
        Bandwidth bandwidth,
        Optional<Duration> retention) {

    /** An endpoint that falls back to nothing, is not limited, and of which nothing is kept. */
    public Endpoint(
            EndpointId id,
            NetworkId network,
            SandboxId sandbox,
            NodeName node,
            Instant createTime,
            Optional<Link> link,
            List<String> aliases,
            Map<String, String> driverOptions,
            int gatewayPriority) {
        this(
                id,
                network,
                sandbox,
                node,
                createTime,
                link,
                aliases,
                driverOptions,
                gatewayPriority,
                Fallback.REFUSE,
                Bandwidth.UNLIMITED,
                Optional.empty());
    }

    /** The same with another place on the wire, or another fallback. */
    public Endpoint with(Optional<Link> newLink, Fallback newFallback) {
        return new Endpoint(
                id,
                network,
                sandbox,
                node,
                createTime,
                newLink,
                aliases,
                driverOptions,
                gatewayPriority,
                newFallback,
                bandwidth,
                retention);
    }

    /** The same with other limits. */
    public Endpoint with(Bandwidth newBandwidth) {
        return new Endpoint(
                id,
                network,
                sandbox,
                node,
                createTime,
                link,
                aliases,
                driverOptions,
                gatewayPriority,
                fallback,
                newBandwidth,
                retention);
    }

    /**
     * The interface inside the sandbox.
     *
     * @param mac empty on ipvlan networks, whose links have their parent's
     * @param addresses at most one a family, with the subnet's prefix length
     * @param linkLocal further ones, of the link alone
     */
    public record Link(
            InterfaceName name, Optional<MacAddress> mac, List<InterfaceAddress> addresses, List<IpAddress> linkLocal) {

        /** One without link-local addresses. */
        public Link(InterfaceName name, MacAddress mac, List<InterfaceAddress> addresses) {
            this(name, Optional.of(mac), addresses, List.of());
        }

        public Link {
            addresses = List.copyOf(addresses);
            linkLocal = List.copyOf(linkLocal);
        }

        /** Link-local addresses as interfaces have them: Docker's prefix lengths, which RFC 3927 and RFC 4291 have too. */
        public List<InterfaceAddress> linkLocalAddresses() {
            return linkLocal.stream()
                    .map(address -> new InterfaceAddress(
                            address,
                            switch (address.family()) {
                                case IPV4 -> 16;
                                case IPV6 -> 64;
                            }))
                    .toList();
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
