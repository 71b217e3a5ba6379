package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.IpAddress;
import dev.weft.node.model.Row;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
class OverlayKernelTest {

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

    private static List<Row> onOne() {
        return List.of(
                Rows.overlay("01", "wb-01", 4097, List.of("10.9.0.0/24", "fd00:9::/64")),
                Rows.sandbox("5a"),
                Rows.endpoint("e1", "01", "5a", "eth0", "10.9.0.2/24", "fd00:9::2/64"),
                Rows.vtep("01", "node-2", "192.0.2.2"),
                Rows.peer("e2", "01", "192.0.2.2", "10.9.0.3", "fd00:9::3"));
    }

    private static List<Row> onTwo() {
        return List.of(
                Rows.overlay("01", "wb-01", 4097, List.of("10.9.0.0/24", "fd00:9::/64")),
                Rows.sandbox("5b"),
                Rows.endpoint("e2", "01", "5b", "eth0", "10.9.0.3/24", "fd00:9::3/64"),
                Rows.vtep("01", "node-1", "192.0.2.1"),
                Rows.peer("e1", "01", "192.0.2.1", "10.9.0.2", "fd00:9::2"));
    }

    private void buildOverlay() {
        hosts.one.want(onOne());
        hosts.two.want(onTwo());
    }

    @Test
    void sandboxesOnTwoHostsReachEachOtherBothWays() {
        buildOverlay();
        TestNamespace a = hosts.one.sandbox("5a");
        TestNamespace b = hosts.two.sandbox("5b");
        a.run("ping -c 3 -i 0.1 -W 1 10.9.0.3");
        b.run("ping -c 3 -i 0.1 -W 1 10.9.0.2");
        a.run("ping -c 3 -i 0.1 -W 1 fd00:9::3");
        b.run("ping -c 3 -i 0.1 -W 1 fd00:9::2");
        // Full-sized packets fit the tunnel.
        a.run("ping -c 1 -W 1 -M do -s 1422 10.9.0.3");
    }

    @Test
    void aSandboxReachesTheNearestGatewayAndNothingOfThatCrossesTheTunnel() {
        buildOverlay();
        TestNamespace a = hosts.one.sandbox("5a");
        hosts.two.sandbox("5b").run("ping -c 1 -W 1 10.9.0.1");
        settleTunnel(hosts.two);
        long before = received(hosts.two);
        a.run("ip neighbor flush dev eth0");
        a.run("ping -c 3 -i 0.1 -W 1 10.9.0.1");
        a.run("ping -c 3 -i 0.1 -W 1 fd00:9::1");
        assertThat(received(hosts.two))
                .as("packets from the tunnel on the other host")
                .isEqualTo(before);
        // Out of the node, masqueraded: the underlay knows no way back to 10.9.0.0/24.
        a.run("ping -c 2 -i 0.1 -W 1 192.0.2.254");
    }

    @Test
    void broadcastsReachTheOtherHost() {
        buildOverlay();
        TestNamespace b = hosts.two.sandbox("5b");
        b.run("sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0");
        assertThat(hosts.one.sandbox("5a").run("ping", "-b", "-c", "2", "-i", "0.2", "-W", "1", "10.9.0.255"))
                .contains("from 10.9.0.3");
    }

    @Test
    void vxlanIsLetInFromKnownNodesOnly() {
        buildOverlay();
        TestNamespace stranger = hosts.underlay;
        stranger.run("ip link add vx type vxlan id 4097 local 192.0.2.254 remote 192.0.2.1 dstport 4789");
        stranger.run("ip addr add 10.9.0.66/24 dev vx");
        stranger.run("ip link set vx up");
        String target = Rows.mac(IpAddress.parse("10.9.0.2")).toString();
        stranger.run("ip neighbor replace 10.9.0.2 lladdr " + target + " dev vx");
        settleTunnel(hosts.one);
        long before = received(hosts.one);
        TestHost.cannot(stranger, "ping -c 2 -i 0.1 -W 1 10.9.0.2");
        assertThat(received(hosts.one)).as("packets that came in by the tunnel").isEqualTo(before);
    }

    @Test
    void whatIsTunnelledIsNotTracked() {
        buildOverlay();
        hosts.one.sandbox("5a").run("ping -c 3 -i 0.1 -W 1 10.9.0.3");
        hosts.one.namespace.run("ping -c 1 -W 1 192.0.2.2");
        assertThat(hosts.one.namespace.run("cat /proc/net/nf_conntrack"))
                .as("the host's own traffic is tracked, what is tunnelled is not")
                .contains("dst=192.0.2.2")
                .doesNotContain("dport=4789");
    }

    @Test
    void twoOverlaysAreIsolated() {
        buildOverlay();
        List<Row> one = new ArrayList<>(onOne());
        one.add(Rows.overlay("02", "wb-02", 4098, List.of("10.10.0.0/24")));
        one.add(Rows.sandbox("5c"));
        one.add(Rows.endpoint("e3", "02", "5c", "eth0", "10.10.0.2/24"));
        hosts.one.want(one);
        TestNamespace c = hosts.one.sandbox("5c");
        c.run("ping -c 1 -W 1 10.10.0.1");
        TestHost.cannot(c, "ping -c 2 -i 0.1 -W 1 10.9.0.2");
        TestHost.cannot(hosts.one.sandbox("5a"), "ping -c 2 -i 0.1 -W 1 10.10.0.2");
    }

    @Test
    void aRestartAdoptsWhatItFindsAndLosesNoPacket() throws Exception {
        buildOverlay();
        TestNamespace a = hosts.one.sandbox("5a");
        String links = identities(hosts.one);
        String firewall = hosts.one.namespace.run("nft -a list table inet weft");
        Process ping = new ProcessBuilder(
                        "nsenter", "--net=" + a.path(), "ping", "-c", "100", "-i", "0.02", "-W", "1", "10.9.0.3")
                .redirectErrorStream(true)
                .start();
        for (int i = 0; i < 3; i++) {
            hosts.one.stop();
            hosts.one.start();
            hosts.one.awaitPass();
        }
        String output = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ping.waitFor()).isZero();
        assertThat(output).contains("100 packets transmitted, 100 received, 0% packet loss");
        assertThat(identities(hosts.one)).isEqualTo(links);
        assertThat(hosts.one.namespace.run("nft -a list table inet weft")).isEqualTo(firewall);
    }

    @Test
    void whatIsTamperedWithIsRepairedWhenTheKernelTellsOfIt() {
        buildOverlay();
        TestNamespace host = hosts.one.namespace;
        String vxlan = Names.vxlan(Rows.id("01")).value();
        String peer = Rows.mac(IpAddress.parse("10.9.0.3")).toString();
        repairs(host, "bridge fdb del " + peer + " dev " + vxlan + " dst 192.0.2.2", "bridge fdb show dev " + vxlan);
        repairs(host, "bridge fdb del " + peer + " dev " + vxlan + " master", "bridge fdb show dev " + vxlan);
        repairs(host, "ip neighbor del 10.9.0.3 dev " + vxlan, "ip neighbor show dev " + vxlan);
        repairs(
                host,
                "ip neighbor replace 10.9.0.3 lladdr 02:00:00:00:00:01 dev " + vxlan,
                "ip neighbor show dev " + vxlan);
        repairs(host, "ip address del 10.9.0.1/24 dev wb-01", "ip -o address show dev wb-01");
        repairs(host, "ip link set " + vxlan + " nomaster", "ip -o link show dev " + vxlan);
        repairs(host, "ip link set wb-01 mtu 1280", "ip -o link show dev wb-01");
        repairs(host, "ip link set " + vxlan + " down", "ip -o link show up dev " + vxlan);
        repairs(host, "sysctl -qw net.ipv4.ip_forward=0", "sysctl net.ipv4.ip_forward");
        TestNamespace sandbox = hosts.one.sandbox("5a");
        repairs(sandbox, "ip route del default", "ip route show default");
        repairs(sandbox, "ip address flush dev eth0 scope global", "ip -o address show dev eth0 scope global");
        repairs(host, "nft flush ruleset", "nft list table inet weft");
        repairs(host, "nft delete element inet weft vteps4 { 192.0.2.2 }", "nft list table inet weft");
        repairs(host, "nft add element inet weft vteps4 { 192.0.2.66 }", "nft list table inet weft");
        repairs(host, "nft add rule inet weft forward accept", "nft list table inet weft");
        repairs(host, "ip link del " + vxlan, "bridge fdb show dev " + vxlan);
        repairs(host, "ip link set wb-01 down", "ip -o -4 route show dev wb-01");
        repairs(host, "ip link del " + Names.veth(Rows.id("e1")), "ip -o link show dev " + Names.veth(Rows.id("e1")));
        hosts.one.sandbox("5a").run("ping -c 2 -i 0.1 -W 1 10.9.0.3");
        hosts.two.sandbox("5b").run("ping -c 2 -i 0.1 -W 1 fd00:9::2");
    }

    @Test
    void whatIsNotOursIsLeftAlone() {
        TestNamespace host = hosts.one.namespace;
        host.run("ip link add docker0 type bridge");
        host.run("ip addr add 172.17.0.1/16 dev docker0");
        host.run("nft add table ip theirs");
        buildOverlay();
        host.run("ip route add 10.250.0.0/24 via 192.0.2.254");
        hosts.one.want();
        assertThat(host.run("ip -o -4 address show dev docker0")).contains("172.17.0.1/16");
        assertThat(host.run("nft list tables")).contains("theirs");
        assertThat(host.run("ip route")).contains("10.250.0.0/24");
        assertThat(host.run("ip -o link"))
                .doesNotContain("wb-01")
                .doesNotContain("veth")
                .doesNotContain("vx-");
    }

    /** Links without what depends on their carrier. */
    private static String identities(TestHost host) {
        return host.namespace.run("ip -o link").replaceAll("<[^>]*>|state [A-Z]+", "");
    }

    private void repairs(TestNamespace host, String damage, String view) {
        String right = normalized(host.run(view));
        host.run(damage);
        hosts.one.await(
                "repair of: " + damage,
                () -> normalized(TestHost.output(host, view)).equals(right));
    }

    /** Without what changes when an object is made anew, and in one order. */
    private static String normalized(String output) {
        return output.replaceAll("^\\d+: ", "")
                .replaceAll(
                        "@if\\d+|link-netnsid \\d+|link/ether [0-9a-f:]+|(UP|DOWN|UNKNOWN|LOWERLAYERDOWN) |,LOWER_UP",
                        "")
                // The port's own address.
                .replaceAll("[0-9a-f:]{17} (vlan 1 )?master \\S+ permanent", "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static long received(TestHost host) {
        String vxlan = Names.vxlan(Rows.id("01")).value();
        return host.namespace
                .json("ip -j -s link show dev " + vxlan)
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("stats64")
                .getAsJsonObject("rx")
                .get("packets")
                .getAsLong();
    }

    /** Waits until the chatter of new links (multicast reports) has died down. */
    private void settleTunnel(TestHost host) {
        long[] last = {-1, -1};
        Instant[] since = {Instant.now()};
        hosts.one.await("the tunnel to be silent", () -> {
            long now = received(host);
            if (now != last[0]) {
                last[0] = now;
                since[0] = Instant.now();
            }
            return Duration.between(since[0], Instant.now()).toMillis() > 1500;
        });
    }
}
