package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody tampers with what Weft built: it is put right, and nobody else's objects are touched. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriftIT {

    /** Shorter than the interval of scans, so that not each repair can be a scan's; how fast repairs are is benchmarked. */
    private static final Duration REPAIR = Duration.ofSeconds(10);

    private final Cluster cluster = new Cluster(Cluster.spec("dr").withHosts(2));
    private final LabHost host = cluster.host(1);
    private Cluster.Workload a;
    private Cluster.Workload b;
    private Cluster.Workload lan;

    @BeforeAll
    void workloads() {
        cluster.weft(host, "network", "create", "-d", "overlay", "web");
        cluster.weft(host, "network", "create", "lan");
        a = cluster.sandbox(host, "a", "--network", "web");
        b = cluster.sandbox(cluster.host(2), "b", "--network", "web");
        lan = cluster.sandbox(host, "lan1", "--network", "lan");
        Cluster.awaitReach(a, b.ipv4());
    }

    @AfterAll
    void down() {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "FDB entry         ; bridge fdb del $MAC dev $VXLAN self    ; bridge fdb show dev $VXLAN | grep -q \"$MAC dst\"",
                "bridge's entry    ; bridge fdb del $MAC dev $VXLAN master  ; bridge fdb show dev $VXLAN | grep -q \"$MAC master\"",
                "neighbor          ; ip neigh del $PEER dev $VXLAN          ; ip neigh show dev $VXLAN | grep -q $PEER",
                "tunnel down       ; ip link set $VXLAN down                ; ip -o link show dev $VXLAN up | grep -q $VXLAN",
                "tunnel gone       ; ip link del $VXLAN                     ; ip -o link show dev $VXLAN up | grep -q $VXLAN",
                "tunnel off bridge ; ip link set $VXLAN nomaster            ; ip -o link show dev $VXLAN | grep -q master",
                "bridge down       ; ip link set $BRIDGE down               ; ip -o link show dev $BRIDGE up | grep -q $BRIDGE",
                "gateway address   ; ip addr flush dev $BRIDGE scope global ; ip -4 -o addr show dev $BRIDGE | grep -q inet",
                "whole ruleset     ; nft flush ruleset                      ; nft list table inet weft | grep -q masquerade",
                "table deleted     ; nft delete table inet weft             ; nft list table inet weft | grep -q masquerade",
                "forwarding off    ; sysctl -qw net.ipv4.ip_forward=0       ; sysctl -n net.ipv4.ip_forward | grep -qx 1",
                "endpoint's port   ; ip link set $VETH nomaster             ; ip -o link show dev $VETH | grep -q master",
            })
    void isRepairedWithoutWaitingForAScan(String what, String tamper, String intact) {
        String setup = variables();
        Await.until(what + " intact before", Duration.ofSeconds(10), () -> holds(setup, intact));
        host.exec("sh", "-c", setup + tamper).orThrow();
        Await.until(
                what + " repaired",
                REPAIR,
                () -> holds(setup, intact),
                () -> host.exec("sh", "-c", "ip -d link; nft list ruleset").stdout());
        Cluster.awaitReach(a, b.ipv4());
        Cluster.awaitReach(a, "198.51.100.1");
        assertThat(lan.reaches(a.ipv4())).as("isolation").isFalse();
    }

    private boolean holds(String setup, String condition) {
        return host.exec("sh", "-c", setup + condition).succeeded();
    }

    private String variables() {
        String tunnel = host.exec("sh", "-c", "ip -o link show type vxlan | awk -F': ' '{print $2}'")
                .stdout()
                .strip();
        if (!tunnel.isEmpty()) {
            vxlan = tunnel;
        }
        String mac = b.exec("cat", "/proc/net/arp").succeeded() ? macOf(b) : "";
        String veth = host.exec(
                        "sh",
                        "-c",
                        "ip -o link show type veth master br-" + vxlan.substring(vxlan.indexOf('-') + 1)
                                + " | awk -F'[ :@]+' '{print $2}'")
                .stdout()
                .strip();
        return "VETH=" + veth + "; VXLAN=" + vxlan + "; BRIDGE=br-" + vxlan.substring(vxlan.indexOf('-') + 1)
                + "; PEER=" + b.ipv4() + "; MAC=" + mac + "; ";
    }

    private String vxlan = "";

    private static String macOf(Cluster.Workload workload) {
        String line = workload.exec("ip", "-o", "link", "show", "dev", "eth0").orThrow();
        return line.replaceAll("(?s).*link/ether ([0-9a-f:]+).*", "$1");
    }

    @Test
    void addressAndRouteInsideTheSandboxAreRepaired() {
        a.exec("ip", "route", "del", "default").orThrow();
        Await.until(
                "the default route",
                REPAIR,
                () -> a.exec("sh", "-c", "ip route | grep -q ^default").succeeded());
        a.exec("ip", "addr", "flush", "dev", "eth0", "scope", "global").orThrow();
        Await.until(
                "the address",
                REPAIR,
                () -> a.exec("sh", "-c", "ip -4 -o addr show dev eth0 | grep -q inet")
                        .succeeded());
        Cluster.awaitReach(a, b.ipv4());
    }

    @Test
    void whatOthersMadeIsNeverTouched() {
        host.exec("ip", "link", "add", "br-foreign", "type", "bridge").orThrow();
        host.exec("ip", "link", "add", "vx-foreign", "type", "vxlan", "id", "77", "dstport", "4790")
                .orThrow();
        host.exec("nft", "add table inet foreign; add chain inet foreign c { type filter hook forward priority 5; }")
                .orThrow();
        host.exec("ip", "route", "add", "203.0.113.0/24", "via", "192.0.2.1").orThrow();
        LabProcess daemon = cluster.lab().daemon(host);
        daemon.kill();
        daemon.restart();
        cluster.weft(host, "network", "create", "-d", "overlay", "tmp");
        cluster.sandbox(host, "tmp1", "--network", "tmp");
        cluster.weft(host, "sandbox", "rm", "tmp1");
        cluster.weft(host, "network", "rm", "tmp");
        assertThat(host.exec("ip", "link", "show", "br-foreign").succeeded()).isTrue();
        assertThat(host.exec("ip", "link", "show", "vx-foreign").succeeded()).isTrue();
        assertThat(host.exec("nft", "list", "chain", "inet", "foreign", "c").succeeded())
                .isTrue();
        assertThat(host.exec("ip", "route", "show", "203.0.113.0/24").stdout()).contains("192.0.2.1");
        host.exec("sh", "-c", "ip link del br-foreign; ip link del vx-foreign; nft delete table inet foreign")
                .orThrow();
    }

    @Test
    void repairsAreCounted() {
        host.exec("sh", "-c", variables() + "bridge fdb del $MAC dev $VXLAN self")
                .orThrow();
        Await.until(
                "the count to show",
                Duration.ofSeconds(20),
                () -> cluster.weft(host, "node", "inspect", host.name()).contains("fdb"));
    }

    /** A daemon that comes back finds what changed meanwhile, without the control plane's help. */
    @Test
    void whatWasTamperedWithWhileEverythingWasAwayIsRepairedFromTheCacheOnDisk() {
        LabProcess daemon = cluster.lab().daemon(host);
        LabProcess controlPlane = cluster.lab().controlPlane();
        controlPlane.kill();
        daemon.kill();
        host.exec("sh", "-c", variables() + "ip link del $VXLAN; nft flush ruleset")
                .orThrow();
        assertThat(a.reaches(b.ipv4())).isFalse();
        daemon.launchAgain();
        Cluster.awaitReach(a, b.ipv4());
        assertThat(lan.reaches(a.ipv4())).as("isolation").isFalse();
        controlPlane.restart();
        daemon.awaitReady();
        cluster.lab().saveState();
    }
}
