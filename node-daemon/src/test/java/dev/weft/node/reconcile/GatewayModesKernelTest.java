package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.GatewayMode;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpFamily;
import dev.weft.node.model.NetworkAccess;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who outside reaches what of a bridge network, by gateway mode, and who does not. */
@Tag("kernel")
class GatewayModesKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TwoHosts hosts;

    @BeforeEach
    void startHosts() {
        hosts = new TwoHosts(namespaces, directory);
        // A neighbor that knows the way.
        hosts.underlay.run("ip route add 10.1.0.0/24 via 192.0.2.1");
        hosts.underlay.run("ip route add fd00:1::/64 via fd99::1");
    }

    @AfterEach
    void stopHosts() {
        hosts.close();
    }

    private static NetworkRow network(Trait... traits) {
        return Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24", "fd00:1::/64"), traits);
    }

    private static NetworkRow network(GatewayMode mode) {
        return Rows.with(network(), new NetworkAccess(Map.of(IpFamily.IPV4, mode, IpFamily.IPV6, mode), Set.of()));
    }

    private void want(NetworkRow network) {
        hosts.one.want(
                network,
                Rows.bridge("b2", "br-b2", List.of("10.2.0.0/24", "fd00:2::/64")),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                Rows.sandbox("5c"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"),
                Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24", "fd00:1::3/64"),
                Rows.endpoint("e3", "b2", "5c", "eth0", "10.2.0.2/24", "fd00:2::2/64"));
    }

    private static void reaches(TestNamespace from, String... addresses) {
        for (String address : addresses) {
            from.run("ping -c 5 -i 0.5 -W 2 " + address);
        }
    }

    private static void cannotReach(TestNamespace from, String... addresses) {
        for (String address : addresses) {
            TestHost.cannot(from, "ping -c 1 -W 1 " + address);
        }
    }

    /** Whether a TCP connection comes about with a server that listens in the sandbox. */
    private boolean connects(TestNamespace from, String address, int port) throws Exception {
        Process server = new ProcessBuilder(
                        "nsenter",
                        "--net=" + hosts.one.sandbox("5a").path(),
                        "python3",
                        "-c",
                        "import socket; s = socket.create_server(('::', " + port
                                + "), family=socket.AF_INET6, dualstack_ipv6=True); print('ready', flush=True); s.accept()")
                .redirectErrorStream(true)
                .start();
        try (var output = server.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            from.run("python3", "-c", "import socket; socket.create_connection(('" + address + "', " + port + "), 1)");
            return true;
        } catch (AssertionError e) {
            assertThat(e).hasMessageContaining("timed out");
            return false;
        } finally {
            server.destroyForcibly();
        }
    }

    /** Whether what the sandbox sends out carries its own address. */
    private boolean comesAsItself(String own, String to) {
        Process capture;
        try {
            capture = new ProcessBuilder(
                            "nsenter",
                            "--net=" + hosts.underlay.path(),
                            "python3",
                            "-c",
                            "import socket; f = socket.AF_INET6 if ':' in '" + to + "' else socket.AF_INET; "
                                    + "s = socket.socket(f, socket.SOCK_DGRAM); s.bind(('" + to
                                    + "', 5000)); s.settimeout(5); print('ready', flush=True); "
                                    + "print(s.recvfrom(10)[1][0], flush=True)")
                    .redirectErrorStream(true)
                    .start();
            try (var output = capture.inputReader()) {
                assertThat(output.readLine()).isEqualTo("ready");
                hosts.one
                        .sandbox("5a")
                        .run(
                                "python3",
                                "-c",
                                "import socket; f = socket.AF_INET6 if ':' in '" + to
                                        + "' else socket.AF_INET; socket.socket(f, socket.SOCK_DGRAM).sendto(b'hello', ('"
                                        + to + "', 5000))");
                return own.equals(output.readLine());
            } finally {
                capture.destroyForcibly();
            }
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void natHidesTheNetwork() throws Exception {
        want(network(GatewayMode.NAT));
        cannotReach(hosts.underlay, "10.1.0.2", "fd00:1::2");
        assertThat(connects(hosts.underlay, "10.1.0.2", 80)).isFalse();
        assertThat(comesAsItself("10.1.0.2", "192.0.2.254")).isFalse();
        assertThat(comesAsItself("fd00:1::2", "fd99::254")).isFalse();
    }

    @Test
    void unprotectedLetsEverybodyOutsideInButNoOtherNetwork() throws Exception {
        want(network(GatewayMode.NAT_UNPROTECTED));
        reaches(hosts.underlay, "10.1.0.2", "fd00:1::2");
        assertThat(connects(hosts.underlay, "10.1.0.2", 80)).isTrue();
        assertThat(connects(hosts.underlay, "fd00:1::2", 80)).isTrue();
        assertThat(comesAsItself("10.1.0.2", "192.0.2.254")).isFalse();
        cannotReach(hosts.one.sandbox("5c"), "10.1.0.2", "fd00:1::2");
    }

    @Test
    void routedIsReachedByPingOnlyAndGoesOutAsItself() throws Exception {
        want(network(GatewayMode.ROUTED));
        reaches(hosts.underlay, "10.1.0.2", "fd00:1::2");
        assertThat(connects(hosts.underlay, "10.1.0.2", 80)).isFalse();
        assertThat(connects(hosts.underlay, "fd00:1::2", 80)).isFalse();
        assertThat(comesAsItself("10.1.0.2", "192.0.2.254")).isTrue();
        assertThat(comesAsItself("fd00:1::2", "fd99::254")).isTrue();
        cannotReach(hosts.one.sandbox("5c"), "10.1.0.2", "fd00:1::2");
    }

    @Test
    void familiesHaveModesOfTheirOwn() throws Exception {
        want(Rows.with(network(), new NetworkAccess(Map.of(IpFamily.IPV6, GatewayMode.ROUTED), Set.of())));
        reaches(hosts.underlay, "fd00:1::2");
        cannotReach(hosts.underlay, "10.1.0.2");
        assertThat(comesAsItself("fd00:1::2", "fd99::254")).isTrue();
        assertThat(comesAsItself("10.1.0.2", "192.0.2.254")).isFalse();
    }

    @Test
    void isolatedHasNotEvenTheHost() {
        NetworkRow isolated = Rows.with(
                network(Trait.INTERNAL),
                new NetworkAccess(
                        Map.of(IpFamily.IPV4, GatewayMode.ISOLATED, IpFamily.IPV6, GatewayMode.ISOLATED), Set.of()));
        want(Rows.withoutGateway(Rows.withoutGateway(isolated, IpFamily.IPV4), IpFamily.IPV6));
        TestNamespace a = hosts.one.sandbox("5a");
        reaches(a, "10.1.0.3", "fd00:1::3");
        cannotReach(a, "10.1.0.1", "fd00:1::1", "192.0.2.1", "fd99::1", "ff02::2%eth0");
        cannotReach(hosts.one.namespace, "10.1.0.2", "fd00:1::2");
        cannotReach(hosts.underlay, "10.1.0.2", "fd00:1::2");
        assertThat(hosts.one.namespace.run("ip -o address show dev br-b1")).isEmpty();
    }

    @Test
    void withoutAnIpv4AddressTheBridgeStillJoins() {
        want(Rows.withoutGateway(network(), IpFamily.IPV4));
        TestNamespace a = hosts.one.sandbox("5a");
        reaches(a, "10.1.0.3", "fd00:1::3", "fd00:1::1");
        cannotReach(a, "10.1.0.1");
        assertThat(hosts.one.namespace.run("ip -o -4 address show dev br-b1")).isEmpty();
    }

    @Test
    void trustOfAnInterfaceOpensNothingThatIsNotPublished() throws Exception {
        want(Rows.with(network(), new NetworkAccess(Map.of(), Set.of(new InterfaceName("up0")))));
        cannotReach(hosts.underlay, "10.1.0.2", "fd00:1::2");
        assertThat(connects(hosts.underlay, "10.1.0.2", 80)).isFalse();
    }
}
