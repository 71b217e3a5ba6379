package dev.weft.controlplane.state;

import com.google.common.hash.Hashing;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.net.Vni;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Entities for tests: ids are made of the names, so that a name says it all. */
public final class Fixtures {

    public static final Instant THEN = Instant.parse("2026-11-21T10:00:00Z");

    private Fixtures() {}

    public static String hex(String name) {
        return Hashing.sha256().hashString(name, StandardCharsets.UTF_8).toString();
    }

    public static NodeName nodeName(String name) {
        return new NodeName(name);
    }

    public static Node node(String name, String vtep) {
        return node(name, vtep, 1500, 1);
    }

    public static Node node(String name, String vtep, int underlayMtu, long epoch) {
        return new Node(
                new NodeName(name),
                epoch,
                new Node.Facts(
                        IpAddress.parse(vtep),
                        new Mtu(underlayMtu),
                        name,
                        "6.18",
                        "0.1",
                        List.of(),
                        List.of(),
                        Map.of()),
                THEN);
    }

    public static Network overlay(String name, String... subnets) {
        return overlay(name, Map.of(), Set.of(), subnets);
    }

    public static Network overlay(
            String name, Map<String, String> options, Set<Network.Trait> traits, String... subnets) {
        return network(name, Driver.OVERLAY, new Scope.Global(), options, traits, subnets);
    }

    public static Network bridge(String node, String name, String... subnets) {
        return bridge(node, name, Map.of(), Set.of(), subnets);
    }

    public static Network bridge(
            String node, String name, Map<String, String> options, Set<Network.Trait> traits, String... subnets) {
        return network(name, Driver.BRIDGE, new Scope.Local(new NodeName(node)), options, traits, subnets);
    }

    /** Each subnet's gateway is its first address. */
    public static Network network(
            String name,
            Driver driver,
            Scope scope,
            Map<String, String> options,
            Set<Network.Trait> traits,
            String... subnets) {
        List<Subnet> parsed = Arrays.stream(subnets)
                .map(Cidr::parse)
                .map(cidr -> new Subnet(
                        cidr,
                        cidr,
                        Optional.of(cidr.first().plus(1)),
                        Map.of(),
                        driver == Driver.OVERLAY
                                ? Optional.of(new Vni(4096 + Math.abs(cidr.hashCode() % 100_000)))
                                : Optional.empty()))
                .toList();
        Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
        parsed.forEach(subnet -> families.add(subnet.family()));
        return new Network(
                networkId(name, scope),
                name,
                driver,
                scope,
                THEN,
                families,
                parsed,
                "default",
                Map.of(),
                traits,
                options,
                Map.of());
    }

    public static NetworkId networkId(String name, Scope scope) {
        return new NetworkId(hex("network " + name + " " + scope));
    }

    public static Sandbox sandbox(String name, String node) {
        return sandbox(name, node, new Sandbox.Mode.Managed());
    }

    public static Sandbox sandbox(String name, String node, Sandbox.Mode mode) {
        return new Sandbox(sandboxId(name), name, new NodeName(node), mode, name, Map.of(), THEN);
    }

    public static SandboxId sandboxId(String name) {
        return new SandboxId(hex("sandbox " + name));
    }

    public static Endpoint endpoint(Network network, Sandbox sandbox, String... addresses) {
        return endpoint(network, sandbox, 0, addresses);
    }

    /** With a link if there are addresses; they carry their prefix length. */
    public static Endpoint endpoint(Network network, Sandbox sandbox, int gatewayPriority, String... addresses) {
        String place = network.id() + "/" + sandbox.id();
        Optional<Endpoint.Link> link = addresses.length == 0
                ? Optional.empty()
                : Optional.of(new Endpoint.Link(
                        new InterfaceName("eth" + hex(place).substring(0, 3)),
                        MacAddress.parse("02:42:00:00:" + hex(place).substring(0, 2) + ":"
                                + hex(place).substring(2, 4)),
                        Arrays.stream(addresses).map(InterfaceAddress::parse).toList()));
        return new Endpoint(
                new EndpointId(hex("endpoint " + place)),
                network.id(),
                sandbox.id(),
                sandbox.node(),
                THEN,
                link,
                List.of(sandbox.name()),
                Map.of(),
                gatewayPriority);
    }
}
