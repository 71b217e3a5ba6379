package dev.weft.controlplane.desired;

import static dev.weft.controlplane.state.Fixtures.bridge;
import static dev.weft.controlplane.state.Fixtures.endpoint;
import static dev.weft.controlplane.state.Fixtures.network;
import static dev.weft.controlplane.state.Fixtures.node;
import static dev.weft.controlplane.state.Fixtures.nodeName;
import static dev.weft.controlplane.state.Fixtures.overlay;
import static dev.weft.controlplane.state.Fixtures.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.Mtu;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredStateTest {

    private static final String MTU = "com.docker.network.driver.mtu";

    private final Sandbox onA = sandbox("on-a", "a");
    private final Sandbox onB = sandbox("on-b", "b");
    private final Network blue = overlay("blue", "10.1.0.0/24");

    @Test
    void aLocalNetworkIsOnItsNodeFromTheStart() {
        Network green = bridge("a", "green", "172.18.0.0/16");

        assertThat(rows("a", green).keySet()).isEqualTo(Set.of(RowKey.network(green.id())));
        assertThat(rows("b", green)).isEmpty();
    }

    @Test
    void aConfigurationNetworkIsNowhere() {
        Network green = bridge("a", "green", "172.18.0.0/16");
        Network configuration = new Network(
                green.id(),
                green.name(),
                Driver.NULL,
                green.scope(),
                green.createTime(),
                green.families(),
                green.subnets(),
                green.ipamDriver(),
                green.ipamOptions(),
                green.traits(),
                green.options(),
                green.labels(),
                new Configuration.Only());

        assertThat(rows("a", configuration)).isEmpty();
    }

    @Test
    void aGlobalNetworkIsOnlyWhereItHasEndpoints() {
        Endpoint blueOnA = endpoint(blue, onA, "10.1.0.2/24");
        Endpoint blueOnB = endpoint(blue, onB, "10.1.0.3/24");
        Object[] cluster = {
            node("a", "192.0.2.1"), node("b", "192.0.2.2"), node("c", "192.0.2.3"), blue, onA, onB, blueOnA, blueOnB
        };

        assertThat(rows("c", cluster)).isEmpty();
        Map<RowKey, Row> rows = rows("a", cluster);
        assertThat(rows.keySet())
                .containsExactly(
                        RowKey.network(blue.id()),
                        RowKey.vtep(blue.id(), nodeName("b")),
                        RowKey.peer(blueOnB.id()),
                        RowKey.sandbox(onA.id()),
                        RowKey.endpoint(blueOnA.id()));
        assertThat(rows.get(RowKey.vtep(blue.id(), nodeName("b"))))
                .isEqualTo(new Row.VtepRow(blue.id(), nodeName("b"), 4, IpAddress.parse("192.0.2.2")));
        assertThat(rows.get(RowKey.peer(blueOnB.id())))
                .isEqualTo(new Row.PeerRow(
                        blueOnB.id(),
                        8,
                        blue.id(),
                        blueOnB.link().orElseThrow().mac().orElseThrow(),
                        List.of(IpAddress.parse("10.1.0.3")),
                        IpAddress.parse("192.0.2.2"),
                        List.of("on-b", onB.id().shortId()),
                        List.of()));
    }

    @Test
    void theGatewayOfAnOverlayHasOneMacEverywhere() {
        Object[] cluster = {
            node("a", "192.0.2.1"),
            node("b", "192.0.2.2"),
            blue,
            onA,
            onB,
            endpoint(blue, onA, "10.1.0.2/24"),
            endpoint(blue, onB, "10.1.0.3/24")
        };
        var onNodeA = networkRow("a", blue, cluster).bridgeMac();
        assertThat(onNodeA).isPresent().isEqualTo(networkRow("b", blue, cluster).bridgeMac());
        Network other = overlay("other", "10.3.0.0/24");
        assertThat(networkRow("a", other, other, onA, endpoint(other, onA, "10.3.0.2/24"))
                        .bridgeMac())
                .isNotEqualTo(onNodeA);
    }

    @ParameterizedTest
    @CsvSource({
        // option, underlay of a and b, expected
        "'', 1500, 1500, 1450",
        "'', 1500, 1400, 1350",
        "'', 9000, 9000, 8950",
        "1400, 9000, 1500, 1350",
        "0, 1500, 1500, 1450",
        "rubbish, 1500, 1500, 1450",
        "'', 68, 1500, 88"
    })
    void anOverlaysMtuIsThePathsLeastWithoutTheOverhead(String option, int mtuOfA, int mtuOfB, int expected) {
        Network network = overlay("net", option.isEmpty() ? Map.of() : Map.of(MTU, option), Set.of(), "10.9.0.0/24");
        Object[] cluster = {
            node("a", "192.0.2.1", mtuOfA, 1),
            node("b", "192.0.2.2", mtuOfB, 1),
            node("c", "192.0.2.3", 500, 1),
            network,
            onA,
            onB,
            endpoint(network, onA, "10.9.0.2/24"),
            endpoint(network, onB, "10.9.0.3/24")
        };
        assertThat(networkRow("a", network, cluster).mtu()).isEqualTo(new Mtu(expected));
    }

    @Test
    void anUnderlayOfIpv6CostsTwentyBytesMore() {
        assertThat(networkRow("a", blue, node("a", "2001:db8::1"), blue, onA, endpoint(blue, onA, "10.1.0.2/24"))
                        .mtu())
                .isEqualTo(new Mtu(1430));
    }

    @Test
    void bridgesAreNamedAsInDocker() {
        Network predefined = bridge(
                "a",
                "bridge",
                Map.of("com.docker.network.bridge.name", "weft0"),
                Set.of(Network.Trait.PREDEFINED),
                "172.17.0.0/16");
        Network plain = bridge("a", "green", "172.18.0.0/16");
        Network named = bridge(
                "a", "named", Map.of("com.docker.network.bridge.name", "lan0", MTU, "1400"), Set.of(), "172.19.0.0/16");

        assertThat(networkRow("a", predefined, predefined).bridgeName()).contains(new InterfaceName("weft0"));
        assertThat(networkRow("a", plain, plain).bridgeName())
                .contains(new InterfaceName("br-" + plain.id().shortId()));
        assertThat(networkRow("a", named, named).bridgeName()).contains(new InterfaceName("lan0"));
        assertThat(networkRow("a", named, named).mtu()).isEqualTo(new Mtu(1400));
        assertThat(networkRow("a", plain, plain).mtu()).isEqualTo(Mtu.ETHERNET);
        assertThat(networkRow("a", plain, plain).bridgeMac()).isEmpty();
    }

    @Test
    void whatANetworksTrafficMayDo() {
        Network plain = bridge("a", "plain", "172.18.0.0/16");
        Network internal = bridge("a", "internal", Map.of(), Set.of(Network.Trait.INTERNAL), "172.19.0.0/16");
        Network closed = bridge(
                "a",
                "closed",
                Map.of(
                        "com.docker.network.bridge.enable_icc", "false",
                        "com.docker.network.bridge.enable_ip_masquerade", "0"),
                Set.of(),
                "172.20.0.0/16");
        Network host = network("host", Driver.HOST, new Scope.Local(nodeName("a")), Map.of(), Set.of());

        assertThat(networkRow("a", plain, plain).traits())
                .containsExactlyInAnyOrder(
                        Row.NetworkTrait.INTER_CONTAINER_COMMUNICATION,
                        Row.NetworkTrait.MASQUERADE,
                        Row.NetworkTrait.NAME_SERVICE);
        assertThat(networkRow("a", internal, internal).traits())
                .containsExactlyInAnyOrder(
                        Row.NetworkTrait.INTER_CONTAINER_COMMUNICATION,
                        Row.NetworkTrait.INTERNAL,
                        Row.NetworkTrait.NAME_SERVICE);
        assertThat(networkRow("a", closed, closed).traits()).containsExactly(Row.NetworkTrait.NAME_SERVICE);
        assertThat(networkRow("a", host, host).bridgeName()).isEmpty();
    }

    @Test
    void theDefaultRouteGoesByPriorityThenBothFamiliesThenName() {
        Network apple = bridge("a", "apple", "172.18.0.0/16");
        Network banana = bridge("a", "banana", "172.19.0.0/16", "fd19::/64");
        Network cherry = bridge("a", "cherry", "172.20.0.0/16");
        Network aaa = bridge("a", "aaa", Map.of(), Set.of(Network.Trait.INTERNAL), "172.21.0.0/16");
        Endpoint onApple = endpoint(apple, onA, "172.18.0.2/16");
        Endpoint onBanana = endpoint(banana, onA, "172.19.0.2/16", "fd19::2/64");
        Endpoint onCherry = endpoint(cherry, onA, "172.20.0.2/16");
        Endpoint onCherryFirst = endpoint(cherry, onA, 1, "172.20.0.2/16");
        Endpoint onInternal = endpoint(aaa, onA, 9, "172.21.0.2/16");

        Object[] byName = {apple, cherry, onA, onApple, onCherry};
        assertThat(gateways(onApple, byName)).containsExactly(IpAddress.parse("172.18.0.1"));
        assertThat(gateways(onCherry, byName)).isEmpty();

        Object[] byFamilies = {apple, banana, cherry, onA, onApple, onBanana, onCherry};
        assertThat(gateways(onBanana, byFamilies))
                .containsExactly(IpAddress.parse("172.19.0.1"), IpAddress.parse("fd19::1"));
        assertThat(gateways(onApple, byFamilies)).isEmpty();

        Object[] byPriority = {apple, banana, cherry, aaa, onA, onApple, onBanana, onCherryFirst, onInternal};
        assertThat(gateways(onCherryFirst, byPriority)).containsExactly(IpAddress.parse("172.20.0.1"));
        assertThat(gateways(onBanana, byPriority)).containsExactly(IpAddress.parse("fd19::1"));
        assertThat(gateways(onInternal, byPriority)).isEmpty();
    }

    @Test
    void anAuxiliaryAddressCanStandInForTheGateway() {
        Network plain = bridge("a", "plain", "172.18.0.0/16");
        Subnet subnet = plain.subnets().getFirst();
        Network routed = new Network(
                plain.id(),
                plain.name(),
                plain.driver(),
                plain.scope(),
                plain.createTime(),
                plain.families(),
                List.of(new Subnet(
                        subnet.cidr(),
                        subnet.range(),
                        subnet.gateway(),
                        Map.of("DefaultGatewayIPv4", IpAddress.parse("172.18.0.254")),
                        Optional.empty())),
                plain.ipamDriver(),
                plain.ipamOptions(),
                plain.traits(),
                plain.options(),
                plain.labels());
        Endpoint endpoint = endpoint(routed, onA, "172.18.0.2/16");

        assertThat(gateways(endpoint, routed, onA, endpoint)).containsExactly(IpAddress.parse("172.18.0.254"));
    }

    @Test
    void whatRefersToNothingIsLeftOut() {
        Endpoint blueOnA = endpoint(blue, onA, "10.1.0.2/24");
        Endpoint blueOnB = endpoint(blue, onB, "10.1.0.3/24");

        assertThat(rows("a", node("a", "192.0.2.1"), onA, blueOnA).keySet())
                .isEqualTo(Set.of(RowKey.sandbox(onA.id())));
        assertThat(rows("a", node("a", "192.0.2.1"), blue, onA, onB, blueOnA, blueOnB)
                        .keySet())
                .as("the tunnel of b is not known")
                .doesNotContain(RowKey.peer(blueOnB.id()), RowKey.vtep(blue.id(), nodeName("b")));
        Network greenOfB = bridge("b", "green", "172.18.0.0/16");
        assertThat(rows("a", greenOfB, onA, endpoint(greenOfB, onA, "172.18.0.2/16"))
                        .keySet())
                .isEqualTo(Set.of(RowKey.sandbox(onA.id())));
    }

    private static Map<RowKey, Row> rows(String node, Object... cluster) {
        return DesiredState.forNode(ClusterSnapshot.of(cluster).index(), nodeName(node));
    }

    private static Row.NetworkRow networkRow(String node, Network network, Object... cluster) {
        return (Row.NetworkRow) Optional.ofNullable(rows(node, cluster).get(RowKey.network(network.id())))
                .orElseThrow(() -> new AssertionError("no row of " + network.name() + " in " + Arrays.asList(cluster)));
    }

    private static List<IpAddress> gateways(Endpoint endpoint, Object... cluster) {
        Row row = Optional.ofNullable(rows(endpoint.node().value(), cluster).get(RowKey.endpoint(endpoint.id())))
                .orElseThrow();
        return ((Row.EndpointRow) row).gateways();
    }
}
