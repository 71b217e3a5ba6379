package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.IpAddress;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.Row;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A network whose sandboxes leave by another router on the bridge than the host. */
@Tag("kernel")
class OtherRouterKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TwoHosts hosts;

    @SuppressWarnings("NullAway.Init")
    private TestNamespace router;

    @BeforeEach
    void startHosts() {
        hosts = new TwoHosts(namespaces, directory);
        hosts.one.want(rows());
        // Somebody else's machine on the bridge, with a world behind it that the host knows nothing of.
        router = namespaces.create("router");
        router.run("ip link set lo up");
        hosts.one.namespace.run("ip link add toRouter type veth peer name net0 netns " + router.path());
        hosts.one.namespace.run("ip link set toRouter master br-b1 up");
        router.run("ip addr add 10.1.0.9/24 dev net0");
        router.run("ip addr add fd00:1::9/64 dev net0 nodad");
        router.run("ip link set net0 up");
        router.run("ip addr add 198.51.100.5/32 dev lo");
        router.run("ip addr add fd88::5/128 dev lo nodad");
    }

    @AfterEach
    void stopHosts() {
        hosts.close();
    }

    private static List<Row> rows() {
        return List.of(
                Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24", "fd00:1::/64")),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                by(Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"), "10.1.0.9", "fd00:1::9"),
                Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24", "fd00:1::3/64"));
    }

    private static EndpointRow by(EndpointRow row, String... gateways) {
        return new EndpointRow(
                row.id(),
                row.revision(),
                row.networkId(),
                row.sandboxId(),
                row.interfaceName(),
                row.mac(),
                row.addresses(),
                Stream.of(gateways).map(IpAddress::parse).toList(),
                row.aliases(),
                row.sysctls(),
                row.names(),
                row.gatewayPriority());
    }

    @Test
    void theWorldBehindTheOtherRouterIsReachedAndTheHostsIsNot() {
        TestNamespace through = hosts.one.sandbox("5a");
        TestNamespace plain = hosts.one.sandbox("5b");
        assertThat(through.run("ip route show default")).contains("via 10.1.0.9 dev eth0");
        assertThat(through.run("ip -6 route show default")).contains("via fd00:1::9 dev eth0");
        for (String behind : List.of("198.51.100.5", "fd88::5")) {
            through.run("ping -c 5 -i 0.5 -W 2 " + behind);
            TestHost.cannot(plain, "ping -c 1 -W 1 " + behind);
        }
        for (String outside : List.of("192.0.2.254", "fd99::254")) {
            plain.run("ping -c 5 -i 0.5 -W 2 " + outside);
            TestHost.cannot(through, "ping -c 1 -W 1 " + outside);
        }
        // The network's own address and neighbors are as near as ever.
        for (String near : List.of("10.1.0.1", "fd00:1::1", "10.1.0.3", "fd00:1::3")) {
            through.run("ping -c 5 -i 0.5 -W 2 " + near);
        }
    }

    @Test
    void theOtherRoutersPortIsLeftAlone() {
        List<Row> more = new ArrayList<>(rows());
        more.add(Rows.sandbox("5c"));
        more.add(Rows.endpoint("e3", "b1", "5c", "eth0", "10.1.0.4/24", "fd00:1::4/64"));
        hosts.one.want(more);
        assertThat(hosts.one.namespace.run("ip -o link show dev toRouter")).contains("master br-b1");
    }
}
