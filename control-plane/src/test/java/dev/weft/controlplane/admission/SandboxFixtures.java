package dev.weft.controlplane.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Networks that sandboxes may be put on, and what admission says of requests. */
final class SandboxFixtures {

    private SandboxFixtures() {}

    static final NodeName H1 = new NodeName("h1");
    static final NodeName H2 = new NodeName("h2");
    private static final Set<Network.Trait> PREDEFINED = Set.of(Network.Trait.PREDEFINED);

    static final Network BRIDGE = Fixtures.bridge("h1", "bridge", Map.of(), PREDEFINED, "172.17.0.0/16");
    static final Network HOST = Fixtures.network("host", Driver.HOST, new Scope.Local(H1), Map.of(), PREDEFINED);
    static final Network NONE = Fixtures.network("none", Driver.NULL, new Scope.Local(H1), Map.of(), PREDEFINED);
    static final Network WEB = withAux(Fixtures.overlay("web", "10.1.0.0/24"), "10.1.0.9");
    static final Network DUAL = Fixtures.overlay("dual", "10.2.0.0/24", "fd00:2::/64");
    static final Network FAR = Fixtures.bridge("h2", "far", "10.3.0.0/24");
    static final Network WIRE = Fixtures.network(
            "wire", Driver.MACVLAN, new Scope.Local(H1), Map.of("parent", "eth1"), Set.of(), "10.4.0.0/24");
    private static final List<Network> ALL = List.of(BRIDGE, HOST, NONE, WEB, DUAL, FAR, WIRE);

    private static Network withAux(Network network, String address) {
        Subnet subnet = network.subnets().getFirst();
        return new Network(
                network.id(),
                network.name(),
                network.driver(),
                network.scope(),
                network.createTime(),
                network.families(),
                List.of(new Subnet(
                        subnet.cidr(),
                        Cidr.parse("10.1.0.128/25"),
                        subnet.gateway(),
                        Map.of("router", IpAddress.parse(address)),
                        subnet.vni())),
                "default",
                Map.of(),
                Set.of(),
                Map.of(),
                Map.of());
    }

    static Resolution<Network> find(String reference) {
        return References.resolve(reference, ALL, network -> network.id().value(), Network::name);
    }

    static EndpointRequest on(String network) {
        return EndpointRequest.on(network);
    }

    static EndpointRequest addressed(String network, String ipv4, String ipv6) {
        return new EndpointRequest(network, ipv4, ipv6, "", List.of(), Map.of(), 0);
    }

    static EndpointRequest option(String network, String key, String value) {
        return new EndpointRequest(network, "", "", "", List.of(), Map.of(key, value), 0);
    }

    static <T> List<Violation> violations(Admission<T> admission) {
        return switch (admission) {
            case Admission.Admitted<T> _ -> List.of();
            case Admission.Rejected<T>(List<Violation> violations) -> violations;
        };
    }

    static <T> T admitted(Admission<T> admission) {
        assertThat(violations(admission)).isEmpty();
        return ((Admission.Admitted<T>) admission).value();
    }
}
