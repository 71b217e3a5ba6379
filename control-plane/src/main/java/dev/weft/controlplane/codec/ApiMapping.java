package dev.weft.controlplane.codec;

import dev.weft.api.v1.NodeFacts;
import dev.weft.api.v1.PortProtocol;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Versioned;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.PortBinding;
import dev.weft.net.TransportProtocol;
import java.util.Optional;

/**
 * Model values as the API shows them: the stored message and its revision. What else is output only (endpoints of a
 * network, status, the path of a managed namespace) the caller adds to the builder.
 */
public final class ApiMapping {

    private ApiMapping() {}

    public static dev.weft.api.v1.Network.Builder network(Versioned<Network> network) {
        return NetworkMapping.write(network.value()).toBuilder().setRevision(network.modRevision());
    }

    public static dev.weft.api.v1.Subnet subnet(Subnet subnet) {
        return NetworkMapping.writeSubnet(subnet);
    }

    public static dev.weft.api.v1.Sandbox.Builder sandbox(Versioned<Sandbox> sandbox) {
        return SandboxMapping.write(sandbox.value()).toBuilder().setRevision(sandbox.modRevision());
    }

    public static dev.weft.api.v1.PublishedPort port(PortBinding binding) {
        return PortMapping.write(binding);
    }

    /** Empty for one that is not known; TCP where nothing was said. */
    public static Optional<TransportProtocol> protocol(PortProtocol protocol) {
        return protocol == PortProtocol.PORT_PROTOCOL_UNSPECIFIED
                ? Optional.of(TransportProtocol.TCP)
                : PortMapping.protocol(protocol);
    }

    /**
     * The endpoint with the names and gateways that its network and sandbox give it.
     *
     * @param network the endpoint's
     * @param sandbox the endpoint's
     */
    public static dev.weft.api.v1.Endpoint.Builder endpoint(
            Versioned<Endpoint> endpoint, Network network, Sandbox sandbox) {
        return SandboxMapping.write(endpoint.value()).toBuilder()
                .setNetworkName(network.name())
                .setSandboxName(sandbox.name())
                .setIpv4Gateway(gateway(endpoint.value(), network, IpFamily.IPV4))
                .setIpv6Gateway(gateway(endpoint.value(), network, IpFamily.IPV6))
                .setRevision(endpoint.modRevision());
    }

    /** The endpoint alone, where its network or sandbox is not known any more. */
    public static dev.weft.api.v1.Endpoint.Builder endpoint(Versioned<Endpoint> endpoint) {
        return SandboxMapping.write(endpoint.value()).toBuilder().setRevision(endpoint.modRevision());
    }

    public static dev.weft.api.v1.Node.Builder node(Versioned<Node> node) {
        return NodeMapping.write(node.value()).toBuilder().setRevision(node.modRevision());
    }

    /**
     * What a node says of itself, checked.
     *
     * @throws IllegalArgumentException naming the field that is wrong
     */
    public static Node.Facts facts(NodeFacts message) {
        return NodeMapping.readFacts(message);
    }

    private static String gateway(Endpoint endpoint, Network network, IpFamily family) {
        Optional<IpAddress> gateway = endpoint.link()
                .flatMap(link -> link.address(family))
                .map(InterfaceAddress::address)
                .flatMap(network::subnetOf)
                .flatMap(Subnet::defaultGateway);
        return Fields.text(gateway);
    }
}
