package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Overlays across hosts: what is reachable, and what is not. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverlayIT {

    private Cluster cluster = new Cluster(Cluster.spec("ov").withHosts(3));
    private Cluster.Workload a;
    private Cluster.Workload b;
    private Cluster.Workload c;

    @BeforeAll
    void oneOverlayWithASandboxOnEachHost() {
        cluster.weft(
                cluster.host(1),
                "network",
                "create",
                "-d",
                "overlay",
                "--ipv6",
                "--subnet",
                "10.40.0.0/24",
                "--subnet",
                "fd40::/64",
                "web");
        a = cluster.sandbox(cluster.host(1), "a", "--network", "web");
        b = cluster.sandbox(cluster.host(2), "b", "--network", "web");
        c = cluster.sandbox(cluster.host(3), "c", "--network", "web");
    }

    @AfterAll
    void down() {
        cluster.close();
    }

    @Test
    void everyPairReachesEachOtherInBothFamilies() {
        for (Cluster.Workload from : List.of(a, b, c)) {
            for (Cluster.Workload to : List.of(a, b, c)) {
                if (from != to) {
                    Cluster.awaitReach(from, to.ipv4());
                    Cluster.awaitReach(from, to.ipv6());
                }
            }
        }
    }

    @Test
    void linkLocalAddressesAreReachedOverTheTunnel() {
        Cluster.Workload near = cluster.sandbox(
                cluster.host(1),
                "near",
                "--network",
                "web",
                "--link-local-ip",
                "169.254.40.1",
                "--link-local-ip",
                "fe80::40:1");
        Cluster.Workload far = cluster.sandbox(
                cluster.host(2),
                "far",
                "--network",
                "web",
                "--link-local-ip",
                "169.254.40.2",
                "--link-local-ip",
                "fe80::40:2");
        Cluster.awaitReach(near, "169.254.40.2");
        Cluster.awaitReach(near, "fe80::40:2%eth0");
        Cluster.awaitReach(far, "169.254.40.1");
        assertThat(near.reaches("169.254.40.3")).as("nobody's").isFalse();
        cluster.weft(cluster.host(1), "sandbox", "rm", "near", "far");
    }

    @Test
    void theTunnelCostsFiftyBytesOfTheUnderlaysMtu() {
        Cluster.awaitReach(a, b.ipv4());
        assertThat(a.exec("cat", "/proc/sys/net/ipv6/conf/eth0/mtu").orThrow().strip())
                .isEqualTo("1450");
        assertThat(a.exec("ping", "-c1", "-W1", "-M", "do", "-s", "1422", b.ipv4())
                        .succeeded())
                .isTrue();
        assertThat(a.exec("ping", "-c1", "-W1", "-M", "do", "-s", "1423", b.ipv4())
                        .succeeded())
                .isFalse();
    }

    @Test
    void broadcastsArriveOnEveryHostOfTheNetwork() {
        Cluster.awaitReach(a, b.ipv4());
        b.exec("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_broadcasts=0").orThrow();
        c.exec("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_broadcasts=0").orThrow();
        String answers =
                a.exec("ping", "-b", "-c", "2", "-W", "1", "10.40.0.255").stdout();
        assertThat(answers).contains("from " + b.ipv4()).contains("from " + c.ipv4());
    }

    @Test
    void unknownAddressesAreNotAskedForAcrossTheTunnel() {
        Cluster.awaitReach(a, b.ipv4());
        LabHost other = cluster.host(2);
        // Only ARP is counted: a new link has reports of its own to send.
        String network = cluster.weft(cluster.host(1), "network", "inspect", "--format", "{{.Id}}", "web");
        other.exec(
                        "nft",
                        "table netdev counted { counter asked {}; chain in { type filter hook ingress device \"vx-"
                                + network.substring(0, 12) + "\" priority 0; ether type arp counter name asked; }; }")
                .orThrow();
        try {
            assertThat(a.reaches("10.40.0.200")).isFalse();
            Cluster.awaitReach(a, b.ipv4());
            assertThat(other.exec("nft", "list", "counter", "netdev", "counted", "asked")
                            .orThrow())
                    .as("ARP over the tunnel")
                    .contains("packets 0 ");
        } finally {
            other.exec("nft", "delete", "table", "netdev", "counted").orThrow();
        }
    }

    @Test
    void theWayOutIsMasqueradedAndTheWayInIsClosed() {
        Cluster.awaitReach(a, Lab.INTERNET);
        LabHost outside = cluster.lab().outside();
        outside.exec(
                        "ip",
                        "route",
                        "replace",
                        "10.40.0.0/24",
                        "via",
                        cluster.host(1).address())
                .orThrow();
        assertThat(outside.exec("ping", "-c1", "-W1", a.ipv4()).succeeded())
                .as("direct routing from outside")
                .isFalse();
        outside.exec("ip", "route", "del", "10.40.0.0/24").orThrow();
    }

    @Test
    void overlaysAndBridgesAreIsolatedFromEachOtherOnEveryHost() {
        cluster.weft(cluster.host(1), "network", "create", "-d", "overlay", "other");
        cluster.weft(cluster.host(1), "network", "create", "local1");
        Cluster.Workload stranger = cluster.sandbox(cluster.host(1), "stranger", "--network", "other");
        Cluster.Workload bridged = cluster.sandbox(cluster.host(1), "bridged", "--network", "local1");
        for (Cluster.Workload from : List.of(stranger, bridged)) {
            assertThat(from.reaches(a.ipv4()))
                    .as("%s to a, same host", from.name())
                    .isFalse();
            assertThat(from.reaches(b.ipv4()))
                    .as("%s to b, other host", from.name())
                    .isFalse();
            assertThat(a.reaches(from.ipv4())).as("a to %s", from.name()).isFalse();
            assertThat(b.reaches(from.ipv4())).as("b to %s", from.name()).isFalse();
        }
        cluster.weft(cluster.host(1), "sandbox", "rm", "stranger", "bridged");
        cluster.weft(cluster.host(1), "network", "rm", "other", "local1");
    }

    @Test
    void anEndpointThatMovesToAnotherHostIsFoundThere() {
        Cluster.Workload first = cluster.sandbox(cluster.host(2), "mover", "--network", "web", "--ip", "10.40.0.77");
        Cluster.awaitReach(a, "10.40.0.77");
        cluster.weft(cluster.host(2), "sandbox", "rm", first.name());
        Await.until("the old one to be gone", Cluster.PATIENCE, () -> !a.reaches("10.40.0.77"));
        cluster.sandbox(cluster.host(3), "mover", "--network", "web", "--ip", "10.40.0.77");
        Cluster.awaitReach(a, "10.40.0.77");
        Cluster.awaitReach(b, "10.40.0.77");
        cluster.weft(cluster.host(3), "sandbox", "rm", "mover");
    }

    @Test
    void theLastEndpointTakesTheTunnelWithIt() {
        cluster.weft(cluster.host(1), "network", "create", "-d", "overlay", "brief");
        cluster.sandbox(cluster.host(2), "brief1", "--network", "brief");
        int with = tunnels(cluster.host(2));
        assertThat(tunnels(cluster.host(3)))
                .as("a host without an endpoint has no tunnel")
                .isEqualTo(with - 1);
        cluster.weft(cluster.host(2), "sandbox", "rm", "brief1");
        Await.until("the tunnel to go", Cluster.PATIENCE, () -> tunnels(cluster.host(2)) == with - 1);
        cluster.weft(cluster.host(1), "network", "rm", "brief");
    }

    private static int tunnels(LabHost host) {
        return (int) host.exec("ip", "-o", "link", "show", "type", "vxlan")
                .orThrow()
                .lines()
                .count();
    }
}
