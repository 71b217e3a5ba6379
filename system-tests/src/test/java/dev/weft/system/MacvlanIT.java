package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** macvlan on real interfaces; of ipvlan and VLAN sub-interfaces what a kernel without them answers. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MacvlanIT {

    private final Cluster cluster = new Cluster(Cluster.spec("mv").withHosts(2));
    private final LabHost one = cluster.host(1);
    private final LabHost two = cluster.host(2);

    @AfterAll
    void down() {
        cluster.close();
    }

    /** On the underlay's wire; its router is the lab's outside host. */
    private void lan(LabHost host, String name, String range, String... more) {
        String[] arguments = {
            "network",
            "create",
            "-d",
            "macvlan",
            "-o",
            "parent=eth0",
            "--ipv6",
            "--subnet",
            "192.0.2.0/24",
            "--subnet",
            "fd99::/64",
            "--gateway",
            "192.0.2.1",
            "--gateway",
            "fd99::1",
            "--ip-range",
            range
        };
        String[] all = java.util.stream.Stream.of(arguments, more, new String[] {name})
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
        cluster.weft(host, all);
    }

    @Test
    void endpointsAreHostsOfTheirOwnOnTheWire() {
        lan(one, "lan", "192.0.2.64/27");
        lan(two, "lan", "192.0.2.96/27");
        Cluster.Workload a = cluster.sandbox(one, "a", "--network", "lan", "--mac-address", "02:42:aa:00:00:01");
        Cluster.Workload b = cluster.sandbox(one, "b", "--network", "lan", "--ip6", "fd99::b0");
        Cluster.Workload c = cluster.sandbox(two, "c", "--network", "lan", "--ip", "192.0.2.120", "--ip6", "fd99::c0");
        assertThat(a.exec("ip", "-d", "link", "show", "eth0").stdout())
                .contains("macvlan mode bridge")
                .contains("02:42:aa:00:00:01");
        assertThat(c.ipv4()).isEqualTo("192.0.2.120");
        Cluster.awaitReach(a, c.ipv4());
        Cluster.awaitReach(a, c.ipv6());
        Cluster.awaitReach(a, b.ipv4());
        Cluster.awaitReach(a, two.address());
        assertThat(a.reaches(one.address()))
                .as("its own host: the kernel keeps macvlan links and their parent apart")
                .isFalse();
        assertThat(a.exec("ip", "route", "show", "default").stdout()).contains("via 192.0.2.1 dev eth0");
        assertThat(a.exec("ip", "-6", "route", "show", "default").stdout()).contains("via fd99::1 dev eth0");
        Cluster.awaitReach(a, Lab.INTERNET);
        // Not masqueraded: the router knows the endpoint itself, not its host.
        assertThat(cluster.lab()
                        .outside()
                        .exec("ip", "neighbor", "show", a.ipv4())
                        .stdout())
                .contains("02:42:aa:00:00:01");
        cluster.weft(one, "sandbox", "rm", "a", "b");
        cluster.weft(two, "sandbox", "rm", "c");
        cluster.weft(one, "network", "rm", "lan");
        cluster.weft(two, "network", "rm", "lan");
        assertThat(one.exec("ip", "-o", "link", "show", "type", "macvlan").stdout())
                .isEmpty();
        assertThat(one.exec("ip", "-o", "link", "show", "eth0").succeeded()).isTrue();
    }

    @Test
    void privateAndInternalKeepApartWhatBridgeConnects() {
        cluster.weft(
                one,
                "network",
                "create",
                "-d",
                "macvlan",
                "-o",
                "parent=eth0",
                "-o",
                "macvlan_mode=private",
                "--subnet",
                "10.44.0.0/24",
                "--gateway",
                "10.44.0.1",
                "apart");
        Cluster.Workload a = cluster.sandbox(one, "pa", "--network", "apart");
        Cluster.Workload b = cluster.sandbox(one, "pb", "--network", "apart");
        assertThat(a.exec("ip", "-d", "link", "show", "eth0").stdout()).contains("macvlan mode private");
        assertThat(a.reaches(b.ipv4())).isFalse();
        cluster.weft(one, "sandbox", "rm", "pa", "pb");
        cluster.weft(one, "network", "rm", "apart");

        cluster.weft(
                one,
                "network",
                "create",
                "-d",
                "macvlan",
                "-o",
                "parent=eth0",
                "--internal",
                "--subnet",
                "10.45.0.0/24",
                "--gateway",
                "10.45.0.1",
                "inner");
        Cluster.Workload c = cluster.sandbox(one, "ia", "--network", "inner");
        Cluster.Workload d = cluster.sandbox(one, "ib", "--network", "inner");
        Cluster.awaitReach(c, d.ipv4());
        assertThat(c.exec("ip", "route", "show", "default").stdout()).isEmpty();
        cluster.weft(one, "sandbox", "rm", "ia", "ib");
        cluster.weft(one, "network", "rm", "inner");
    }

    @Test
    void passthruHasTheParentToItself() {
        one.exec("ip", "link", "add", "spare", "type", "veth", "peer", "name", "spare-peer")
                .orThrow();
        one.exec("ip", "link", "set", "spare", "up").orThrow();
        one.exec("ip", "link", "set", "spare-peer", "up").orThrow();
        String before = one.exec("cat", "/sys/class/net/spare/address").stdout();
        cluster.weft(
                one,
                "network",
                "create",
                "-d",
                "macvlan",
                "-o",
                "parent=spare",
                "-o",
                "macvlan_mode=passthru",
                "--subnet",
                "10.46.0.0/24",
                "through");
        assertThat(cluster.refused(
                        one,
                        "network",
                        "create",
                        "-d",
                        "macvlan",
                        "-o",
                        "parent=spare",
                        "--subnet",
                        "10.47.0.0/24",
                        "other"))
                .contains("macvlan network through is already using parent interface spare in mode passthru");
        Cluster.Workload a = cluster.sandbox(one, "ta", "--network", "through", "--mac-address", "02:42:aa:00:00:09");
        assertThat(a.exec("ip", "-d", "link", "show", "eth0").stdout())
                .contains("macvlan mode passthru")
                .contains("02:42:aa:00:00:09");
        cluster.weft(one, "sandbox", "rm", "ta");
        assertThat(one.exec("cat", "/sys/class/net/spare/address").stdout())
                .as("the kernel puts the parent's MAC back")
                .isEqualTo(before);
        cluster.weft(one, "network", "rm", "through");
        one.exec("ip", "link", "del", "spare").orThrow();
    }

    @Test
    void aParentThatIsAbsentIsNamedAndNothingIsLeft() {
        cluster.weft(
                one, "network", "create", "-d", "macvlan", "-o", "parent=nic7", "--subnet", "10.48.0.0/24", "later");
        assertThat(cluster.refused(one, "run", "-d", "--name", "early", "--network", "later"))
                .contains("the requested parent interface nic7 was not found on this host");
        assertThat(cluster.weft(one, "sandbox", "ls", "-q")).isEmpty();
        one.exec("ip", "link", "add", "nic7", "type", "veth", "peer", "name", "nic7-peer")
                .orThrow();
        one.exec("ip", "link", "set", "nic7", "up").orThrow();
        Cluster.Workload late = cluster.sandbox(one, "late", "--network", "later");
        assertThat(late.exec("ip", "-o", "link", "show", "eth0").succeeded()).isTrue();
        // The parent goes, and comes back: its links are made anew.
        one.exec("ip", "link", "del", "nic7").orThrow();
        Await.until(
                "eth0 to be gone",
                Cluster.PATIENCE,
                () -> !late.exec("ip", "link", "show", "eth0").succeeded());
        one.exec("ip", "link", "add", "nic7", "type", "veth", "peer", "name", "nic7-peer")
                .orThrow();
        one.exec("ip", "link", "set", "nic7", "up").orThrow();
        Await.until(
                "eth0 to be back with its address",
                Cluster.PATIENCE,
                () -> late.exec("ip", "-4", "-o", "addr", "show", "dev", "eth0")
                        .stdout()
                        .contains("10.48.0."));
        cluster.weft(one, "sandbox", "rm", "late");
        cluster.weft(one, "network", "rm", "later");
        one.exec("ip", "link", "del", "nic7").orThrow();
    }

    @Test
    void aRestartAdoptsAndTamperingIsRepaired() {
        lan(one, "kept", "192.0.2.160/27");
        Cluster.Workload a = cluster.sandbox(one, "ka", "--network", "kept");
        String index = a.exec("cat", "/sys/class/net/eth0/ifindex").stdout();
        Cluster.awaitReach(a, two.address());
        cluster.lab().daemon(one).kill();
        Cluster.awaitReach(a, two.address());
        cluster.lab().daemon(one).restart();
        assertThat(a.exec("cat", "/sys/class/net/eth0/ifindex").stdout())
                .as("the same link")
                .isEqualTo(index);
        a.exec("ip", "addr", "flush", "dev", "eth0").orThrow();
        Cluster.awaitReach(a, two.address());
        a.exec("ip", "link", "del", "eth0").orThrow();
        Cluster.awaitReach(a, two.address());
        a.exec("ip", "link", "set", "eth0", "type", "macvlan", "mode", "private")
                .orThrow();
        Await.until(
                "the mode to be repaired",
                Cluster.PATIENCE,
                () -> a.exec("ip", "-d", "link", "show", "eth0").stdout().contains("macvlan mode bridge"));
        cluster.weft(one, "sandbox", "rm", "ka");
        cluster.weft(one, "network", "rm", "kept");
    }

    @Test
    void whatThisKernelLacksFailsWithItsOwnText() {
        if (one.exec("ip", "link", "add", "tried", "type", "dummy").succeeded()) {
            one.exec("ip", "link", "del", "tried").orThrow();
            return;
        }
        cluster.weft(one, "network", "create", "-d", "ipvlan", "-o", "parent=eth0", "--subnet", "10.49.0.0/24", "ipv");
        assertThat(cluster.refused(one, "run", "-d", "--network", "ipv"))
                .contains("ipvlan")
                .contains("EOPNOTSUPP");
        cluster.weft(
                one,
                "network",
                "create",
                "-d",
                "macvlan",
                "-o",
                "parent=eth0.10",
                "--subnet",
                "10.50.0.0/24",
                "tagged");
        assertThat(cluster.refused(one, "run", "-d", "--network", "tagged"))
                .contains("eth0.10")
                .contains("EOPNOTSUPP");
        cluster.weft(one, "network", "create", "-d", "macvlan", "--subnet", "10.51.0.0/24", "nowhere");
        assertThat(cluster.refused(one, "run", "-d", "--network", "nowhere"))
                .contains("dummy")
                .contains("EOPNOTSUPP");
        assertThat(cluster.weft(one, "network", "inspect", "-f", "{{.Internal}}", "nowhere"))
                .isEqualTo("true");
        assertThat(cluster.weft(one, "sandbox", "ls", "-q")).isEmpty();
        cluster.weft(one, "network", "rm", "ipv", "tagged", "nowhere");
    }
}
