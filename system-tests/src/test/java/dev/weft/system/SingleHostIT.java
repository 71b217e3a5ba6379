package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import dev.weft.lab.Shell;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Bridge, host and none on one host, as Docker's users know them. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SingleHostIT {

    private final Cluster cluster = new Cluster(Cluster.spec("sh").withHosts(1));
    private final LabHost host = cluster.host(1);

    @AfterAll
    void down() {
        cluster.close();
    }

    @Test
    void bridgeHostAndNoneExistFromTheStart() {
        List<String> rows = cluster.weft(host, "network", "ls")
                .lines()
                .map(line -> line.replaceAll("^[0-9a-f]{12}", "ID")
                        .replaceAll(" +", " ")
                        .strip())
                .toList();
        assertThat(rows)
                .contains(
                        "NETWORK ID NAME DRIVER SCOPE",
                        "ID bridge bridge local",
                        "ID host host local",
                        "ID none null local");
    }

    @Test
    void theDefaultBridgeConnectsItsSandboxesAndMasqueradesThem() {
        Cluster.Workload one = cluster.sandbox(host, "one");
        Cluster.Workload two = cluster.sandbox(host, "two");
        assertThat(one.ipv4()).startsWith("172.17.0.");
        Cluster.awaitReach(one, two.ipv4());
        Cluster.awaitReach(two, one.ipv4());
        Cluster.awaitReach(one, Lab.INTERNET);
        Cluster.awaitReach(one, "172.17.0.1");
        cluster.weft(host, "sandbox", "rm", "one", "two");
    }

    @Test
    void customSubnetGatewayRangeAndStaticAddress() {
        cluster.weft(
                host,
                "network",
                "create",
                "--driver",
                "bridge",
                "--subnet",
                "192.168.100.0/24",
                "--gateway",
                "192.168.100.254",
                "--ip-range",
                "192.168.100.128/25",
                "--aux-address",
                "printer=192.168.100.128",
                "mynet");
        Cluster.Workload app = cluster.sandbox(host, "app", "--network", "mynet", "--ip", "192.168.100.100");
        Cluster.Workload auto = cluster.sandbox(host, "auto", "--network", "mynet");
        assertThat(app.ipv4()).isEqualTo("192.168.100.100");
        assertThat(auto.ipv4()).as("first of the range that is not reserved").isEqualTo("192.168.100.129");
        assertThat(app.exec("ip", "route", "show", "default").stdout()).contains("via 192.168.100.254");
        Cluster.awaitReach(app, auto.ipv4());
        cluster.weft(host, "sandbox", "rm", "app", "auto");
        cluster.weft(host, "network", "rm", "mynet");
    }

    @Test
    void internalNetworksHaveNoWayOut() {
        cluster.weft(host, "network", "create", "--internal", "vault");
        Cluster.Workload one = cluster.sandbox(host, "v1", "--network", "vault");
        Cluster.Workload two = cluster.sandbox(host, "v2", "--network", "vault");
        Cluster.awaitReach(one, two.ipv4());
        assertThat(one.exec("ip", "route", "show", "default").stdout()).isEmpty();
        one.exec("ip", "route", "add", "default", "via", one.ipv4().replaceAll("\\.\\d+$", ".1"))
                .orThrow();
        assertThat(one.reaches(Lab.INTERNET)).as("even with a route").isFalse();
        cluster.weft(host, "sandbox", "rm", "v1", "v2");
        cluster.weft(host, "network", "rm", "vault");
    }

    @Test
    void dualStackOnABridge() {
        cluster.weft(host, "network", "create", "--ipv6", "--subnet", "10.66.0.0/24", "--subnet", "fd66::/64", "dual");
        Cluster.Workload one = cluster.sandbox(host, "d1", "--network", "dual");
        Cluster.Workload two = cluster.sandbox(host, "d2", "--network", "dual", "--ip6", "fd66::99");
        assertThat(two.ipv6()).isEqualTo("fd66::99");
        Cluster.awaitReach(one, two.ipv4());
        Cluster.awaitReach(one, two.ipv6());
        Cluster.awaitReach(one, "fd99::1");
        cluster.weft(host, "sandbox", "rm", "d1", "d2");
        cluster.weft(host, "network", "rm", "dual");
    }

    @Test
    void runCarriesOutputAndExitCode() {
        Shell.Result echo = host.weft("run", "--rm", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(echo.exitCode()).isEqualTo(7);
        assertThat(echo.stdout()).isEqualTo("out\n");
        assertThat(echo.stderr()).contains("err");
        Shell.Result none = host.weft("run", "--rm", "--", "no-such-command");
        assertThat(none.exitCode()).isEqualTo(127);
        assertThat(none.stderr()).startsWith("weft: cannot run no-such-command").hasLineCount(1);
        Shell.Result noProgram = host.weft("run", "--rm", "--", "/etc/passwd");
        assertThat(noProgram.exitCode()).isEqualTo(126);
        assertThat(noProgram.stderr())
                .startsWith("weft: cannot run /etc/passwd")
                .hasLineCount(1);
        Shell.Result noDirectory = host.weft("run", "--rm", "-w", "/no/such", "--", "true");
        assertThat(noDirectory.exitCode()).isEqualTo(125);
        assertThat(noDirectory.stderr()).contains("/no/such").hasLineCount(1);
        assertThat(cluster.weft(host, "sandbox", "ls", "-q"))
                .as("--rm leaves nothing")
                .isEmpty();
    }

    @Test
    void aWorkloadHasItsOwnHostsAndResolvConf() {
        String hosts =
                cluster.weft(host, "run", "--rm", "--name", "named", "--hostname", "web1", "--", "cat", "/etc/hosts");
        assertThat(hosts).contains("127.0.0.1").containsPattern("172\\.17\\.0\\.\\d+\\s+web1");
        String resolv = cluster.weft(host, "run", "--rm", "--", "cat", "/etc/resolv.conf");
        assertThat(resolv).doesNotContain("nameserver 127.");
    }

    @Test
    void noneHasLoopbackOnlyAndHostIsTheHostsOwn() {
        assertThat(cluster.weft(host, "run", "--rm", "--network", "none", "--", "ip", "-o", "link")
                        .lines())
                .hasSize(1)
                .allMatch(line -> line.contains("lo:"));
        Shell.Result ping = host.weft("run", "--rm", "--network", "none", "--", "ping", "-c1", "-W1", "8.8.8.8");
        assertThat(ping.exitCode()).isNotZero();
        assertThat(ping.stderr() + ping.stdout()).contains("unreachable");
        assertThat(cluster.weft(
                        host, "run", "--rm", "--network", "host", "--", "ip", "-o", "-4", "addr", "show", "eth0"))
                .contains(host.address());
    }

    @Test
    void connectAndDisconnectWhileRunning() {
        cluster.weft(host, "network", "create", "--subnet", "10.71.0.0/24", "left");
        cluster.weft(host, "network", "create", "--subnet", "10.72.0.0/24", "right");
        Cluster.Workload one = cluster.sandbox(host, "m1", "--network", "left");
        Cluster.Workload two = cluster.sandbox(host, "m2", "--network", "right");
        assertThat(one.reaches(two.ipv4())).isFalse();
        cluster.weft(host, "network", "connect", "--ip", "10.72.0.50", "right", "m1");
        assertThat(one.address("eth1", "-4")).isEqualTo("10.72.0.50");
        Cluster.awaitReach(one, two.ipv4());
        cluster.weft(host, "network", "disconnect", "right", "m1");
        assertThat(one.exec("ip", "link", "show", "eth1").succeeded()).isFalse();
        assertThat(one.reaches(two.ipv4())).isFalse();
        String refusal = cluster.refused(host, "network", "rm", "left");
        assertThat(refusal).contains("has active endpoints").contains("m1");
        cluster.weft(host, "sandbox", "rm", "m1", "m2");
        cluster.weft(host, "network", "rm", "left", "right");
    }

    @Test
    void aKernelErrorReachesTheUserAndNothingIsLeft() {
        String id = cluster.weft(host, "network", "create", "-o", "com.docker.network.bridge.name=br-taken", "clash");
        // The bridge is there; a link that stands in its place is somebody else's. In one process: the daemon is quick
        // to repair.
        host.exec(
                        "sh",
                        "-c",
                        "printf 'link del br-taken\\nlink add br-taken type veth peer name taken-peer\\n' | ip -batch -")
                .orThrow();
        String error = cluster.refused(host, "run", "-d", "--name", "victim", "--network", "clash");
        assertThat(error).contains("br-taken");
        assertThat(cluster.weft(host, "sandbox", "ls", "-q")).isEmpty();
        assertThat(cluster.weft(host, "network", "inspect", "-f", "{{len .Containers}}", id))
                .isEqualTo("0");
        host.exec("ip", "link", "del", "br-taken").orThrow();
        cluster.weft(host, "network", "rm", "clash");
    }

    @Test
    void nothingIsLeftWhenAllIsRemoved() {
        cluster.weft(host, "network", "create", "-d", "overlay", "gone1");
        cluster.weft(host, "network", "create", "gone2");
        cluster.sandbox(host, "g1", "--network", "gone1");
        cluster.sandbox(host, "g2", "--network", "gone2");
        cluster.weft(host, "network", "connect", "gone2", "g1");
        cluster.weft(host, "sandbox", "rm", "g1", "g2");
        cluster.weft(host, "network", "rm", "gone1", "gone2");
        String links = host.exec("ip", "-o", "link").stdout();
        assertThat(links).doesNotContain("veth").doesNotContain("vx-").doesNotContain("br-");
        assertThat(host.exec("ls", host.runDirectory().resolve("netns").toString())
                        .stdout()
                        .strip())
                .isEmpty();
    }
}
