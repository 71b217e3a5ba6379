package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Options of bridge networks, as others see them. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BridgeOptionsIT {

    private static final String BINDING = "com.docker.network.bridge.host_binding_ipv4";

    /** More than the interval of reports. */
    private static final Duration SOON = Duration.ofSeconds(40);

    private final Cluster cluster = new Cluster(Cluster.spec("bo").withHosts(2));
    private final LabHost host = cluster.host(1);
    private final LabHost other = cluster.host(2);
    private final PortPeer onHost = PortPeer.on(host);
    private final PortPeer onOther = PortPeer.on(other);

    @AfterAll
    void down() {
        onHost.close();
        onOther.close();
        cluster.close();
    }

    private static String ipv6(LabHost host) {
        return "fd99::" + host.address().substring(host.address().lastIndexOf('.') + 1);
    }

    @Test
    void portsAreWhereTheNetworkSays() {
        cluster.weft(
                host,
                "network",
                "create",
                "--ipv6",
                "--subnet",
                "10.74.0.0/24",
                "--subnet",
                "fd74::/64",
                "-o",
                BINDING + "=127.0.0.1",
                "local");
        Cluster.Workload web =
                cluster.sandbox(host, "web", "--network", "local", "-p", "8090:80", "-p", "0.0.0.0:8091:80");
        cluster.weft(host, "port", "add", "web", "8092:80");
        assertThat(cluster.weft(host, "port", "ls", "web", "--format", "{{.Host}}")
                        .lines())
                .containsExactlyInAnyOrder("0.0.0.0:8091", "127.0.0.1:8090", "127.0.0.1:8092");
        try (PortPeer server = PortPeer.in(web)) {
            server.serve(80);
            for (int port : new int[] {8090, 8092}) {
                assertThat(onHost.ask("tcp", "127.0.0.1", port)).endsWith(" at 80");
                onHost.refused("tcp", host.address(), port);
                onOther.refused("tcp", host.address(), port);
                onOther.refused("tcp", ipv6(host), port);
            }
            assertThat(onOther.ask("tcp", host.address(), 8091)).isEqualTo(other.address() + " at 80");
        }
        cluster.weft(host, "sandbox", "rm", "web");
        cluster.weft(host, "network", "rm", "local");
    }

    @Test
    void theNetworkLeavesWithTheAddressThatItNames() {
        String source = "198.51.100.7";
        cluster.weft(
                host,
                "network",
                "create",
                "--subnet",
                "10.76.0.0/24",
                "-o",
                "com.docker.network.host_ipv4=" + source,
                "named");
        cluster.weft(host, "network", "create", "--subnet", "10.77.0.0/24", "unnamed");
        Await.until(
                "the missing address to be told of",
                SOON,
                () -> problems().contains("network named leaves with " + source + ", which this host has not"));
        host.exec("ip", "addr", "add", source + "/32", "dev", "lo").orThrow();
        other.exec("ip", "route", "add", source + "/32", "via", host.address()).orThrow();
        Await.until("the problem to be over", SOON, () -> !problems().contains(source));

        onOther.serve(7000);
        try (PortPeer named = PortPeer.in(cluster.sandbox(host, "named", "--network", "named"));
                PortPeer unnamed = PortPeer.in(cluster.sandbox(host, "unnamed", "--network", "unnamed"))) {
            for (String protocol : List.of("tcp", "udp")) {
                assertThat(named.ask(protocol, other.address(), 7000)).isEqualTo(source + " at 7000");
                assertThat(unnamed.ask(protocol, other.address(), 7000)).isEqualTo(host.address() + " at 7000");
            }
        }
        cluster.weft(host, "sandbox", "rm", "named", "unnamed");
        cluster.weft(host, "network", "rm", "named", "unnamed");
    }

    @Test
    void anotherRouterIsTheWayOutAndNobodysAddress() {
        cluster.weft(
                host,
                "network",
                "create",
                "--subnet",
                "10.78.0.0/29",
                "--aux-address",
                "DefaultGatewayIPv4=10.78.0.2",
                "routed-by-other");
        Cluster.Workload box = cluster.sandbox(host, "box", "--network", "routed-by-other");
        assertThat(box.ipv4()).isEqualTo("10.78.0.3");
        assertThat(box.exec("ip", "route", "show", "default").stdout()).contains("via 10.78.0.2 dev eth0");
        assertThat(cluster.weft(
                        host,
                        "sandbox",
                        "inspect",
                        "-f",
                        "{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}",
                        "box"))
                .isEqualTo("10.78.0.2");
        assertThat(cluster.refused(host, "run", "-d", "--network", "routed-by-other", "--ip", "10.78.0.2"))
                .contains("10.78.0.2 is an auxiliary address");
        cluster.weft(host, "sandbox", "rm", "box");
        cluster.weft(host, "network", "rm", "routed-by-other");
    }

    private String problems() {
        return cluster.weft(host, "node", "inspect", "-f", "{{json .Status.Problems}}", host.name());
    }

    @Test
    void portsMayBeOnAnIpv6AddressOnly() {
        cluster.weft(
                host,
                "network",
                "create",
                "--ipv6",
                "--subnet",
                "10.75.0.0/24",
                "--subnet",
                "fd75::/64",
                "-o",
                BINDING + "=" + ipv6(host),
                "six");
        Cluster.Workload web = cluster.sandbox(host, "web6", "--network", "six", "-p", "8093:80");
        try (PortPeer server = PortPeer.in(web)) {
            server.serve(80);
            onOther.answered("tcp", ipv6(host), 8093);
            onOther.refused("tcp", host.address(), 8093);
        }
        cluster.weft(host, "sandbox", "rm", "web6");
        cluster.weft(host, "network", "rm", "six");
    }
}
