package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Each cause for a fallback, the way back from none, and what happens where nothing may be fallen back to. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FallbackIT {

    /** h1's operator allows the fallback to the host, h2's does not; h3 has no tunnel address. */
    private final Cluster cluster = new Cluster(Cluster.spec("fb").withHosts(3));

    private final LabHost one = cluster.host(1);
    private final LabHost two = cluster.host(2);
    private final LabHost three = cluster.host(3);

    @BeforeAll
    void configure() {
        one.configureNode("underlay = " + one.address(), "allow-host-fallback = true");
        three.configureNode("underlay = none");
        for (LabHost host : java.util.List.of(one, three)) {
            cluster.lab().daemon(host).kill();
            cluster.lab().daemon(host).restart();
        }
        Await.until(
                "the nodes to be connected",
                Cluster.PATIENCE,
                () -> cluster.weft(two, "node", "ls", "--format", "{{.Status}}")
                        .lines()
                        .allMatch(status -> !status.equals("away")));
    }

    @AfterAll
    void down() {
        cluster.close();
    }

    private String endpoint(LabHost host, String sandbox, String network, String field) {
        return cluster.weft(
                host,
                "sandbox",
                "inspect",
                "-f",
                "{{(index .NetworkSettings.Networks \"" + network + "\")." + field + "}}",
                sandbox);
    }

    private void awaitMode(LabHost host, String sandbox, String network, String mode) {
        Await.until(
                sandbox + " to be in mode " + mode,
                Cluster.PATIENCE,
                () -> endpoint(host, sandbox, network, "Mode").equals(mode));
    }

    @Test
    void whereTheKernelLacksTheDriverNoneIsLoopbackOnly() {
        cluster.weft(one, "network", "create", "-d", "ipvlan", "-o", "parent=eth0", "--subnet", "10.61.0.0/24", "ipv");
        assertThat(cluster.refused(one, "run", "-d", "--name", "strict", "--network", "ipv"))
                .as("without a policy")
                .contains("EOPNOTSUPP")
                .contains("taken back");
        assertThat(cluster.weft(one, "network", "inspect", "-f", "{{len .Containers}}", "ipv"))
                .as("no endpoint, so no lease")
                .isEqualTo("0");
        Cluster.Workload soft = cluster.sandbox(one, "soft", "--network", "ipv", "--fallback", "none");
        assertThat(soft.exec("ip", "-o", "link").stdout().lines()).hasSize(1).allMatch(line -> line.contains("lo:"));
        assertThat(endpoint(one, "soft", "ipv", "Mode")).isEqualTo("none");
        assertThat(endpoint(one, "soft", "ipv", "Fallback.Reason")).contains("EOPNOTSUPP");
        assertThat(endpoint(one, "soft", "ipv", "Fallback.Since")).startsWith("20");
        assertThat(cluster.weft(one, "sandbox", "ls")).contains("(ipv: none)");
        assertThat(cluster.weft(one, "exec", "soft", "echo", "runs")).isEqualTo("runs");
        cluster.weft(one, "sandbox", "rm", "soft");
        cluster.weft(one, "network", "rm", "ipv");
    }

    @Test
    void hostIsForSandboxesBeingMadeWhereNodeAndEndpointAllowIt() {
        cluster.weft(one, "network", "create", "-d", "macvlan", "-o", "parent=nic9", "--subnet", "10.62.0.0/24", "far");
        String id = cluster.weft(one, "run", "-d", "--name", "hosted", "--network", "far", "--fallback", "host,none");
        assertThat(cluster.weft(one, "sandbox", "inspect", "-f", "{{.Mode}}", "hosted"))
                .isEqualTo("host");
        assertThat(endpoint(one, "hosted", "far", "Mode")).isEqualTo("host");
        assertThat(endpoint(one, "hosted", "far", "IPAddress"))
                .as("its lease is gone")
                .isEmpty();
        assertThat(cluster.weft(one, "exec", "hosted", "ip", "-o", "-4", "addr", "show", "eth0"))
                .contains(one.address());
        Await.until(
                "no namespace is left of it",
                Cluster.PATIENCE,
                () -> !one.exec("test", "-e", one.sandboxNamespace(id).toString())
                        .succeeded());
        String events = one.exec(
                        "sh",
                        "-c",
                        "WEFT_HOST=unix://" + one.nodeSocket() + " timeout -s INT 5 " + one.home()
                                + "/bin/weft events --snapshot")
                .stdout();
        assertThat(events).contains("mode=host").contains("nic9");
        // One that runs stays where it is: its processes cannot be moved.
        cluster.sandbox(one, "runs");
        assertThat(cluster.refused(one, "network", "connect", "--fallback", "host", "far", "runs"))
                .contains("nic9");
        cluster.weft(one, "network", "connect", "--fallback", "host,none", "far", "runs");
        assertThat(endpoint(one, "runs", "far", "Mode")).isEqualTo("none");
        cluster.weft(one, "sandbox", "rm", "hosted", "runs");
        cluster.weft(one, "network", "rm", "far");

        cluster.weft(
                two,
                "network",
                "create",
                "-d",
                "macvlan",
                "-o",
                "parent=nic9",
                "--subnet",
                "10.62.0.0/24",
                "--fallback",
                "host,none",
                "far");
        assertThat(cluster.refused(two, "run", "-d", "--network", "far", "--fallback", "host"))
                .contains("node h2 does not let sandboxes fall back to the host's network");
        cluster.sandbox(two, "inherits", "--network", "far");
        assertThat(endpoint(two, "inherits", "far", "Mode"))
                .as("the network's default, without what the node forbids")
                .isEqualTo("none");
        assertThat(cluster.refused(two, "run", "-d", "--network", "far", "--fallback", "refuse"))
                .contains("nic9");
        cluster.weft(two, "sandbox", "rm", "inherits");
        cluster.weft(two, "network", "rm", "far");
    }

    @Test
    void anAbsentParentThatComesBringsTheEndpointToItsNetwork() {
        cluster.weft(
                one, "network", "create", "-d", "macvlan", "-o", "parent=nic8", "--subnet", "10.63.0.0/24", "near");
        Cluster.Workload waits = cluster.sandbox(one, "waits", "--network", "near", "--fallback", "none");
        assertThat(endpoint(one, "waits", "near", "Mode")).isEqualTo("none");
        one.exec("ip", "link", "add", "nic8", "type", "veth", "peer", "name", "nic8-peer")
                .orThrow();
        one.exec("ip", "link", "set", "nic8", "up").orThrow();
        awaitMode(one, "waits", "near", "network");
        assertThat(waits.ipv4()).startsWith("10.63.0.");
        assertThat(endpoint(one, "waits", "near", "Fallback.Reason")).isEmpty();
        one.exec("ip", "link", "del", "nic8").orThrow();
        awaitMode(one, "waits", "near", "none");
        one.exec("ip", "link", "add", "nic8", "type", "veth", "peer", "name", "nic8-peer")
                .orThrow();
        one.exec("ip", "link", "set", "nic8", "up").orThrow();
        awaitMode(one, "waits", "near", "network");
        cluster.weft(one, "sandbox", "rm", "waits");
        cluster.weft(one, "network", "rm", "near");
        one.exec("ip", "link", "del", "nic8").orThrow();
    }

    @Test
    void anEmptyPoolIsWaitedFor() {
        cluster.weft(one, "network", "create", "--subnet", "10.64.0.0/30", "tiny");
        Cluster.Workload only = cluster.sandbox(one, "only", "--network", "tiny");
        assertThat(only.ipv4()).isEqualTo("10.64.0.2");
        assertThat(cluster.refused(one, "run", "-d", "--network", "tiny")).contains("tiny");
        Cluster.Workload late = cluster.sandbox(one, "late", "--network", "tiny", "--fallback", "none");
        assertThat(endpoint(one, "late", "tiny", "Mode")).isEqualTo("none");
        assertThat(late.exec("ip", "-o", "link").stdout().lines()).hasSize(1);
        cluster.weft(one, "sandbox", "rm", "only");
        awaitMode(one, "late", "tiny", "network");
        Await.until(
                "its address to be there",
                Cluster.PATIENCE,
                () -> late.exec("ip", "-4", "-o", "addr", "show", "eth0")
                        .stdout()
                        .contains("10.64.0.2"));
        cluster.weft(one, "sandbox", "rm", "late");
        cluster.weft(one, "network", "rm", "tiny");
    }

    @Test
    void aNodeWithoutATunnelAddressCannotJoinAnOverlay() {
        cluster.weft(one, "network", "create", "-d", "overlay", "--subnet", "10.65.0.0/24", "over");
        assertThat(cluster.refused(three, "run", "-d", "--network", "over")).contains("no tunnel address");
        Cluster.Workload alone = cluster.sandbox(three, "alone", "--network", "over", "--fallback", "none");
        assertThat(endpoint(three, "alone", "over", "Fallback.Reason")).contains("no tunnel address");
        assertThat(alone.exec("ip", "-o", "link").stdout().lines()).hasSize(1);
        // The others are not hindered.
        Cluster.Workload a = cluster.sandbox(one, "oa", "--network", "over");
        Cluster.Workload b = cluster.sandbox(two, "ob", "--network", "over");
        Cluster.awaitReach(a, b.ipv4());
        cluster.weft(three, "sandbox", "rm", "alone");
        cluster.weft(one, "sandbox", "rm", "oa");
        cluster.weft(two, "sandbox", "rm", "ob");
        cluster.weft(one, "network", "rm", "over");
    }

    @Test
    void aKernelErrorIsLivedWithAndTheEndIsNoticed() {
        cluster.weft(one, "network", "create", "-o", "com.docker.network.bridge.name=br-mine", "mine");
        // With the daemon away, which would mend it at once.
        cluster.lab().daemon(one).kill();
        one.exec("ip", "link", "del", "br-mine").orThrow();
        one.exec("ip", "link", "add", "br-mine", "type", "veth", "peer", "name", "mine-peer")
                .orThrow();
        cluster.lab().daemon(one).restart();
        Cluster.Workload box = cluster.sandbox(one, "box", "--network", "mine", "--fallback", "none");
        assertThat(endpoint(one, "box", "mine", "Fallback.Reason")).contains("br-mine");
        assertThat(box.exec("ip", "-o", "link").stdout().lines())
                .as("loopback only")
                .hasSize(1);
        assertThat(one.exec("ip", "-o", "link").stdout())
                .as("no half of a pair")
                .doesNotContain("master br-mine");
        one.exec("ip", "link", "del", "br-mine").orThrow();
        Await.until(
                "the endpoint to be on its network",
                Duration.ofSeconds(40),
                () -> endpoint(one, "box", "mine", "Mode").equals("network"));
        assertThat(box.exec("ip", "-o", "link", "show", "eth0").succeeded()).isTrue();
        cluster.weft(one, "sandbox", "rm", "box");
        cluster.weft(one, "network", "rm", "mine");
    }
}
