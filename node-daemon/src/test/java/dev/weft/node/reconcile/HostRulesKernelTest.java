package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.dataplane.nftables.ForeignChains;
import dev.weft.node.dataplane.nftables.Nftables;
import dev.weft.node.testing.Eventually;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The host has rules of others too: its administrator's, a firewall manager's, or none of a sudden. */
@Tag("kernel")
class HostRulesKernelTest {

    private static final String ADMIN = "nft add table inet weft-admin; "
            + "nft add chain inet weft-admin forward { type filter hook forward priority filter - 10 \\; }; ";

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TwoHosts hosts;

    @SuppressWarnings("NullAway.Init")
    private TestNamespace a;

    @SuppressWarnings("NullAway.Init")
    private TestNamespace c;

    @BeforeEach
    void startHosts() {
        hosts = new TwoHosts(namespaces, directory);
        hosts.one.want(
                Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24", "fd00:1::/64")),
                Rows.bridge("b2", "br-b2", List.of("10.2.0.0/24", "fd00:2::/64")),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                Rows.sandbox("5c"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"),
                Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24", "fd00:1::3/64"),
                Rows.endpoint("e3", "b2", "5c", "eth0", "10.2.0.2/24", "fd00:2::2/64"));
        a = hosts.one.sandbox("5a");
        c = hosts.one.sandbox("5c");
        hosts.underlay.run("ip route add 10.1.0.0/24 via 192.0.2.1");
        hosts.underlay.run("ip route add fd00:1::/64 via fd99::1");
    }

    @AfterEach
    void stopHosts() {
        hosts.close();
    }

    private void shell(String script) {
        hosts.one.namespace.run("sh", "-ec", script);
    }

    private static void reaches(TestNamespace from, String... addresses) {
        for (String address : addresses) {
            Eventually.holds(
                    "answers of " + address,
                    () -> TestHost.output(from, "ping -c 1 -W 1 " + address).contains(" 1 received"));
        }
    }

    private static void cannotReach(TestNamespace from, String... addresses) {
        for (String address : addresses) {
            TestHost.cannot(from, "ping -c 1 -W 1 " + address);
        }
    }

    private void everythingIsAsItShouldBe() {
        reaches(a, "10.1.0.3", "fd00:1::3", "192.0.2.254", "fd99::254");
        cannotReach(a, "10.2.0.2", "fd00:2::2");
        cannotReach(hosts.underlay, "10.1.0.2", "fd00:1::2");
    }

    @Test
    void whatTheAdministratorDropsIsDroppedAndStaysSo() {
        shell(ADMIN + "nft add rule inet weft-admin forward ip saddr 10.1.0.2 drop");
        cannotReach(a, "192.0.2.254");
        reaches(a, "fd99::254");
        String theirs = hosts.one.namespace.run("nft list table inet weft-admin");
        String ours = hosts.one.namespace.run("nft list table inet weft");
        hosts.one.namespace.run("nft delete table inet weft");
        hosts.one.await(
                "repair",
                () -> TestHost.output(hosts.one.namespace, "nft list table inet weft")
                        .equals(ours));
        assertThat(hosts.one.namespace.run("nft list table inet weft-admin")).isEqualTo(theirs);
        cannotReach(a, "192.0.2.254");
        hosts.one.stop();
        hosts.one.start();
        hosts.one.awaitAllReady();
        assertThat(hosts.one.namespace.run("nft list table inet weft-admin")).isEqualTo(theirs);
    }

    @Test
    void whatTheAdministratorMarksPasses() {
        everythingIsAsItShouldBe();
        // An accept alone decides for the administrator's table only.
        shell(ADMIN + "nft add rule inet weft-admin forward accept");
        cannotReach(a, "10.2.0.2");
        shell("nft insert rule inet weft-admin forward ip saddr { 10.1.0.2, 10.2.0.2 } ip daddr { 10.1.0.2, 10.2.0.2 }"
                + " meta mark set meta mark or 0x2000");
        reaches(a, "10.2.0.2");
        reaches(c, "10.1.0.2");
        cannotReach(hosts.one.sandbox("5b"), "10.2.0.2");
        cannotReach(a, "fd00:2::2");
    }

    @Test
    void aSandboxCannotMarkItsOwnPackets() {
        TestHost.cannot(a, "ping -m 8192 -c 1 -W 1 10.2.0.2");
        a.run("ping -m 8192 -c 5 -i 0.3 -W 1 10.1.0.3");
    }

    @Test
    void aFlushedRulesetIsPutBack() {
        String ours = hosts.one.namespace.run("nft list ruleset");
        hosts.one.namespace.run("nft flush ruleset");
        hosts.one.await(
                "repair", () -> hosts.one.namespace.run("nft list ruleset").equals(ours));
        everythingIsAsItShouldBe();
    }

    @Test
    void aForeignPolicyOfDropStandsInTheWayAndIsTold() {
        shell("nft add table inet strict; "
                + "nft add chain inet strict f { type filter hook forward priority 0 \\; policy drop \\; }");
        cannotReach(a, "192.0.2.254");
        assertThat(warnings()).singleElement().asString().startsWith("table inet strict, chain f, drops");
        shell("nft add rule inet strict f iifname br-b1 accept; nft add rule inet strict f oifname br-b1 accept");
        everythingIsAsItShouldBe();
    }

    private List<String> warnings() {
        try (Nftables nftables = Nftables.open(hosts.one.namespace.namespace())) {
            return ForeignChains.warnings(nftables);
        }
    }

    @Test
    void aReloadOfTheRealFirewalldChangesNothingOfOurs() throws Exception {
        Path root = firewalld();
        Path files = Files.createDirectories(directory.resolve("fw"));
        Path script = directory.resolve("firewalld.sh");
        try (InputStream resource = HostRulesKernelTest.class.getResourceAsStream("/attack/firewalld.sh")) {
            Files.copy(Objects.requireNonNull(resource, "attack/firewalld.sh"), script);
        }
        ProcessBuilder builder = new ProcessBuilder(
                "nsenter",
                "--net=" + hosts.one.namespace.path(),
                "sh",
                script.toString(),
                root.toString(),
                files.toString());
        environment(root, files).forEach(entry -> builder.environment().put(entry.get(0), entry.get(1)));
        Process firewalld = builder.redirectErrorStream(true).start();
        try {
            Eventually.holds(
                    "firewalld to run",
                    () -> firewallCommand(root, files, "--state").startsWith("running"));
            String ours = hosts.one.namespace.run("nft list table inet weft");
            assertThat(warnings()).singleElement().asString().startsWith("table inet firewalld, chain filter_FORWARD");
            firewallCommand(root, files, "--permanent", "--zone=trusted", "--add-interface=br-b1");
            firewallCommand(root, files, "--permanent", "--zone=trusted", "--add-interface=br-b2");
            assertThat(firewallCommand(root, files, "--reload")).contains("success");
            assertThat(hosts.one.namespace.run("nft list table inet weft")).isEqualTo(ours);
            everythingIsAsItShouldBe();
            assertThat(firewallCommand(root, files, "--complete-reload")).contains("success");
            everythingIsAsItShouldBe();
        } finally {
            firewalld.getOutputStream().close();
            firewalld.waitFor();
        }
    }

    private static List<List<String>> environment(Path root, Path files) {
        return List.of(
                List.of(
                        "PYTHONPATH",
                        root.resolve("usr/lib/python3/dist-packages").toString()),
                List.of("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + files.resolve("bus")));
    }

    private String firewallCommand(Path root, Path files, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env"));
        environment(root, files).forEach(entry -> command.add(entry.get(0) + "=" + entry.get(1)));
        command.add("/usr/bin/python3");
        command.add(root.resolve("usr/bin/firewall-cmd").toString());
        command.addAll(List.of(arguments));
        try {
            return hosts.one.namespace.run(command.toArray(String[]::new));
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Debian's packages, unpacked: installing them would start a firewall on the machine that runs the tests. */
    private static Path firewalld() {
        Path root = Path.of("..", "target", "firewalld").toAbsolutePath().normalize();
        assertThat(root.resolve("usr/sbin/firewalld"))
                .as("Debian's firewalld, which dev/setup.sh tests unpacks")
                .exists();
        return root;
    }
}
