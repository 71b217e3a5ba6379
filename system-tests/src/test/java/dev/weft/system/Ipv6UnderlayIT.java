package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.LabHost;
import dev.weft.lab.LabSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Hosts that know each other by IPv6 addresses only: control plane, daemons and tunnels. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Ipv6UnderlayIT {

    private Cluster cluster =
            new Cluster(Cluster.spec("sixunder").withHosts(2).withUnderlay(LabSpec.UnderlayFamily.IPV6));
    private Cluster.Workload a;
    private Cluster.Workload b;

    @BeforeAll
    void oneOverlayOfBothFamilies() {
        for (LabHost host : cluster.lab().hosts()) {
            // The lab gives each host both families: what went by IPv4 in secret would still arrive.
            host.exec("ip", "-4", "addr", "flush", "dev", "eth0").orThrow();
        }
        cluster.weft(
                cluster.host(1),
                "network",
                "create",
                "-d",
                "overlay",
                "--ipv6",
                "--subnet",
                "10.46.0.0/24",
                "--subnet",
                "fd46::/64",
                "web");
        a = cluster.sandbox(cluster.host(1), "a", "--network", "web");
        b = cluster.sandbox(cluster.host(2), "b", "--network", "web");
    }

    @AfterAll
    void down() {
        cluster.close();
    }

    @Test
    void bothFamiliesArriveBothWays() {
        Cluster.awaitReach(a, b.ipv4());
        Cluster.awaitReach(b, a.ipv4());
        Cluster.awaitReach(a, b.ipv6());
        Cluster.awaitReach(b, a.ipv6());
    }

    @Test
    void theTunnelRunsOverIpv6() {
        assertThat(cluster.host(1)
                        .exec("ip", "-d", "-o", "link", "show", "type", "vxlan")
                        .orThrow())
                .contains("local " + cluster.host(1).address());
        assertThat(cluster.host(1).exec("bridge", "fdb", "show").orThrow())
                .contains("dst " + cluster.host(2).address());
    }

    @Test
    void itCostsSeventyBytesOfTheUnderlaysMtu() {
        Cluster.awaitReach(a, b.ipv4());
        assertThat(a.exec("cat", "/proc/sys/net/ipv6/conf/eth0/mtu").orThrow().strip())
                .isEqualTo("1430");
        // 20 bytes of IPv4 and 8 of ICMP are in it too.
        assertThat(a.exec("ping", "-c1", "-W1", "-M", "do", "-s", "1402", b.ipv4())
                        .succeeded())
                .isTrue();
        assertThat(a.exec("ping", "-c1", "-W1", "-M", "do", "-s", "1403", b.ipv4())
                        .succeeded())
                .isFalse();
    }
}
