package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.model.NetworkAccess;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespaces;
import java.io.IOException;
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

/** With which address of the host a network leaves. */
@Tag("kernel")
class SourceAddressKernelTest {

    /** Somebody who tells who asked; in both families. */
    private static final String TELLER = """
            import socket
            s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            s.bind(("::", 5000))
            print("ready", flush=True)
            while True:
                _, who = s.recvfrom(10)
                s.sendto(who[0].removeprefix("::ffff:").encode(), who)
            """;

    private static final String ASKER = """
            import socket, sys
            f = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
            s = socket.socket(f, socket.SOCK_DGRAM)
            s.settimeout(5)
            s.sendto(b"who", (sys.argv[1], 5000))
            print(s.recv(100).decode())
            """;

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TwoHosts hosts;

    @SuppressWarnings("NullAway.Init")
    private Process teller;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new TwoHosts(namespaces, directory);
        hosts.one.namespace.run("ip addr add 192.0.2.77/32 dev lo");
        hosts.one.namespace.run("ip addr add fd99::77/128 dev lo nodad");
        hosts.underlay.run("ip route add 192.0.2.77/32 via 192.0.2.1");
        hosts.underlay.run("ip route add fd99::77/128 via fd99::1");
        teller = new ProcessBuilder("nsenter", "--net=" + hosts.underlay.path(), "python3", "-c", TELLER)
                .redirectErrorStream(true)
                .start();
        assertThat(teller.inputReader().readLine()).isEqualTo("ready");
    }

    @AfterEach
    void stopHosts() {
        teller.destroyForcibly();
        hosts.close();
    }

    private static NetworkRow network(String id, Map<IpFamily, IpAddress> sources) {
        return Rows.with(
                Rows.bridge("b" + id, "br-b" + id, List.of("10." + id + ".0.0/24", "fd00:" + id + "::/64")),
                new NetworkAccess(Map.of(), Set.of(), sources));
    }

    private String seenAs(String sandbox, String teller) {
        return hosts.one.sandbox(sandbox).run("python3", "-c", ASKER, teller).strip();
    }

    @Test
    void oneNetworkLeavesWithItsAddressAndTheOtherWithTheHosts() {
        hosts.one.want(
                network(
                        "1",
                        Map.of(
                                IpFamily.IPV4,
                                IpAddress.parse("192.0.2.77"),
                                IpFamily.IPV6,
                                IpAddress.parse("fd99::77"))),
                network("2", Map.of()),
                network("3", Map.of(IpFamily.IPV6, IpAddress.parse("fd99::77"))),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                Rows.sandbox("5c"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"),
                Rows.endpoint("e2", "b2", "5b", "eth0", "10.2.0.2/24", "fd00:2::2/64"),
                Rows.endpoint("e3", "b3", "5c", "eth0", "10.3.0.2/24", "fd00:3::2/64"));

        assertThat(seenAs("5a", "192.0.2.254")).isEqualTo("192.0.2.77");
        assertThat(seenAs("5a", "fd99::254")).isEqualTo("fd99::77");
        assertThat(seenAs("5b", "192.0.2.254")).isEqualTo("192.0.2.1");
        assertThat(seenAs("5b", "fd99::254")).isEqualTo("fd99::1");
        assertThat(seenAs("5c", "192.0.2.254")).as("each family by itself").isEqualTo("192.0.2.1");
        assertThat(seenAs("5c", "fd99::254")).isEqualTo("fd99::77");
        // The address is the way out's alone: nothing comes in by it, and networks stay apart.
        TestHost.cannot(hosts.one.sandbox("5b"), "ping -c 1 -W 1 10.1.0.2");
        hosts.underlay.run("ip route add 10.1.0.0/24 via 192.0.2.1");
        TestHost.cannot(hosts.underlay, "ping -c 1 -W 1 10.1.0.2");
    }

    @Test
    void whatSomebodyTakesOutOfTheMapComesBack() {
        hosts.one.want(
                network("1", Map.of(IpFamily.IPV4, IpAddress.parse("192.0.2.77"))),
                Rows.sandbox("5a"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"));
        assertThat(seenAs("5a", "192.0.2.254")).isEqualTo("192.0.2.77");

        hosts.one.namespace.run("nft flush map inet weft snat4");
        hosts.one.await(
                "the map to be whole",
                () -> hosts.one.namespace.run("nft list map inet weft snat4").contains("192.0.2.77"));
        assertThat(seenAs("5a", "192.0.2.254")).isEqualTo("192.0.2.77");
    }
}
