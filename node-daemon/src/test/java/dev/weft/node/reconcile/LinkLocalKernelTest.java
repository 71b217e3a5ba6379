package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Bandwidth;
import dev.weft.net.InterfaceAddress;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.Row;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Addresses of the link alone: set, kept, and the only ones of their kind that the guard lets by. */
@Tag("kernel")
class LinkLocalKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TwoHosts hosts;

    @BeforeEach
    void startHosts() {
        hosts = new TwoHosts(namespaces, directory);
    }

    @AfterEach
    void stopHosts() {
        hosts.close();
    }

    private static EndpointRow with(EndpointRow row, String... linkLocal) {
        return new EndpointRow(
                row.id(),
                row.revision() + 1,
                row.networkId(),
                row.sandboxId(),
                row.interfaceName(),
                row.mac(),
                row.addresses(),
                row.gateways(),
                row.aliases(),
                row.sysctls(),
                row.names(),
                row.gatewayPriority(),
                Bandwidth.UNLIMITED,
                Stream.of(linkLocal).map(InterfaceAddress::parse).toList());
    }

    private static List<Row> rows(EndpointRow first) {
        return List.of(
                Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24", "fd00:1::/64")),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                first,
                with(
                        Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24", "fd00:1::3/64"),
                        "169.254.9.3/16",
                        "fe80::93/64"));
    }

    private static EndpointRow plain() {
        return Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64");
    }

    @Test
    void theyAreSetKeptAndTakenBack() {
        hosts.one.want(rows(with(plain(), "169.254.9.2/16", "fe80::92/64")));
        TestNamespace box = hosts.one.sandbox("5a");
        assertThat(box.run("ip -o addr show dev eth0"))
                .contains("inet 169.254.9.2/16 scope link eth0", "inet6 fe80::92/64 scope link")
                .contains("inet 10.1.0.2/24 scope global eth0");
        box.run("ping -c 1 -W 2 -I 169.254.9.2 169.254.9.3");
        box.run("ping -c 1 -W 2 -I fe80::92%eth0 fe80::93%eth0");
        box.run("ping -c 1 -W 2 -I 10.1.0.2 10.1.0.3");

        hosts.one.stop();
        hosts.one.start().awaitAllReady();
        assertThat(hosts.one.driftRepaired()).as("found again, nothing to do").isZero();

        box.run("ip addr del 169.254.9.2/16 dev eth0");
        box.run("ip addr del fe80::92/64 dev eth0");
        hosts.one.await(
                "both to be repaired",
                () -> TestHost.output(box, "ip -o addr show dev eth0").contains("169.254.9.2/16")
                        && TestHost.output(box, "ip -o addr show dev eth0").contains("fe80::92/64"));

        hosts.one.want(rows(plain()));
        assertThat(box.run("ip -o addr show dev eth0"))
                .doesNotContain("169.254.9.2", "fe80::92")
                .as("the kernel's own stays")
                .contains("scope link");
    }

    @Test
    void othersAreNotLetBy() {
        hosts.one.want(rows(with(plain(), "169.254.9.2/16", "fe80::92/64")));
        TestNamespace box = hosts.one.sandbox("5a");
        box.run("ping -c 1 -W 2 -I 169.254.9.2 10.1.0.3");
        assertThat(hosts.one.namespace.run("nft list table bridge weft")).contains("169.254.9.2", "fe80::92");
        hosts.one.want(rows(plain()));
        box.run("ip addr add 169.254.9.2/16 dev lo");
        TestHost.cannot(box, "ping -c 1 -W 1 -I 169.254.9.2 10.1.0.3");
        assertThat(hosts.one.namespace.run("nft list table bridge weft")).doesNotContain("169.254.9.2", "fe80::92");
    }
}
