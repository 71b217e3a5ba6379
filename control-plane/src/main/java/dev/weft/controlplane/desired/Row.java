package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NameSettings;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Uplink;
import dev.weft.net.Bandwidth;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.net.PortBinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A part of a node's desired state. A row's content does not depend on the node that gets it: nodes that share a network
 * share its rows.
 */
public sealed interface Row {

    RowKey key();

    /**
     * Store revision of the object that the row is named for. Other objects may change the content without raising it: if
     * it were the newest of all, every registration of a node would send all rows of its networks anew.
     */
    long revision();

    /** The network that the row belongs to; empty for a sandbox. */
    Optional<NetworkId> partOf();

    /**
     * A network that the node takes part in.
     *
     * @param mtu of every link of the network, overhead already taken off; Ethernet's where there are no links
     * @param bridgeName empty for drivers that build no bridge
     * @param bridgeMac empty for the kernel's choice
     * @param uplink of macvlan and ipvlan networks
     */
    record NetworkRow(
            NetworkId id,
            long revision,
            String name,
            Driver driver,
            Set<IpFamily> families,
            List<Subnet> subnets,
            Mtu mtu,
            Set<NetworkTrait> traits,
            Optional<InterfaceName> bridgeName,
            Optional<MacAddress> bridgeMac,
            Map<String, String> options,
            Optional<Uplink> uplink)
            implements Row {

        @Override
        public RowKey key() {
            return RowKey.network(id);
        }

        @Override
        public Optional<NetworkId> partOf() {
            return Optional.of(id);
        }
    }

    /** What a network's traffic may do. */
    enum NetworkTrait {
        /** There is no way out. */
        INTERNAL,
        /** Endpoints of the network may talk to each other. */
        INTER_CONTAINER_COMMUNICATION,
        /** What leaves the host does so with the host's address. */
        MASQUERADE,
        /** Endpoints of the network find each other by name. */
        NAME_SERVICE
    }

    /** Another node that takes part in a global network: where its broadcasts go. */
    record VtepRow(NetworkId network, NodeName node, long revision, IpAddress vtep) implements Row {

        @Override
        public RowKey key() {
            return RowKey.vtep(network, node);
        }

        @Override
        public Optional<NetworkId> partOf() {
            return Optional.of(network);
        }
    }

    /**
     * An endpoint of a global network on another node.
     *
     * @param names what others on the network find it by; the first is what its addresses resolve to
     * @param linkLocal addresses of the link alone, which have no names
     */
    record PeerRow(
            EndpointId id,
            long revision,
            NetworkId network,
            MacAddress mac,
            List<IpAddress> addresses,
            IpAddress vtep,
            List<String> names,
            List<IpAddress> linkLocal)
            implements Row {

        @Override
        public RowKey key() {
            return RowKey.peer(id);
        }

        @Override
        public Optional<NetworkId> partOf() {
            return Optional.of(network);
        }
    }

    /** A sandbox of the node. */
    record SandboxRow(
            SandboxId id,
            long revision,
            String name,
            Sandbox.Mode mode,
            String hostname,
            List<PortBinding> ports,
            NameSettings nameSettings)
            implements Row {

        @Override
        public RowKey key() {
            return RowKey.sandbox(id);
        }

        @Override
        public Optional<NetworkId> partOf() {
            return Optional.empty();
        }
    }

    /**
     * An endpoint of the node.
     *
     * @param names what others on the network find it by; the first is what its addresses resolve to
     * @param gatewayPriority networks of endpoints with a higher number are looked in first
     * @param gateways default routes that this endpoint provides to its sandbox: at most one a family
     * @param bandwidth what may pass through it
     */
    record EndpointRow(
            EndpointId id,
            long revision,
            NetworkId network,
            SandboxId sandbox,
            Optional<Endpoint.Link> link,
            List<IpAddress> gateways,
            List<String> aliases,
            Map<String, String> driverOptions,
            List<String> names,
            int gatewayPriority,
            Bandwidth bandwidth)
            implements Row {

        @Override
        public RowKey key() {
            return RowKey.endpoint(id);
        }

        @Override
        public Optional<NetworkId> partOf() {
            return Optional.of(network);
        }
    }
}
