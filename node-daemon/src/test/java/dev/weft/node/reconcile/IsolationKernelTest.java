package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.model.Row;
import dev.weft.node.testing.Frames;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import dev.weft.node.testing.Wire;
import dev.weft.node.testing.Wire.Tap;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What networks let through and what not, in both families, whatever way a workload or a machine outside tries. */
@Tag("kernel")
class IsolationKernelTest {

    private static final List<String> ONE = List.of("10.1.0.0/24", "fd00:1::/64");
    private static final List<String> TWO = List.of("10.2.0.0/24", "fd00:2::/64");

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

    /** Sandboxes 5a and 5b on the network, 5c on another one. */
    private static List<Row> rows(NetworkRow network) {
        return List.of(
                network,
                Rows.bridge("b2", "br-b2", TWO),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                Rows.sandbox("5c"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"),
                Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24", "fd00:1::3/64"),
                Rows.endpoint("e3", "b2", "5c", "eth0", "10.2.0.2/24", "fd00:2::2/64"));
    }

    private TestNamespace sandbox(String id) {
        return hosts.one.sandbox(id);
    }

    private static void reaches(TestNamespace from, String... addresses) {
        for (String address : addresses) {
            from.run("ping -c 2 -i 0.1 -W 1 " + address);
        }
    }

    private static void cannotReach(TestNamespace from, String... addresses) {
        for (String address : addresses) {
            TestHost.cannot(from, "ping -c 2 -i 0.1 -W 1 " + address);
        }
    }

    @Test
    void anotherNetworkIsOutOfReachByWhateverWay() {
        hosts.one.want(rows(Rows.bridge("b1", "br-b1", ONE)));
        TestNamespace a = sandbox("5a");
        reaches(a, "10.1.0.3", "fd00:1::3", "192.0.2.254", "fd99::254");
        reaches(sandbox("5c"), "192.0.2.254", "fd99::254");
        cannotReach(a, "10.2.0.2", "fd00:2::2");
        for (String gateway : List.of("192.0.2.1", "10.2.0.1")) {
            a.run("ip route replace 10.2.0.2/32 via " + gateway + " dev eth0 onlink");
            cannotReach(a, "10.2.0.2");
        }
        for (String gateway : List.of("fd99::1", "fd00:2::1", linkLocal("br-b1"))) {
            a.run("ip route replace fd00:2::2/128 via " + gateway + " dev eth0 onlink");
            cannotReach(a, "fd00:2::2");
        }
        // Nor by a machine outside that sends back what it gets.
        hosts.underlay.run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        hosts.underlay.run("ip route add 10.2.0.0/24 via 192.0.2.1");
        hosts.underlay.run("ip route add fd00:2::/64 via fd99::1");
        cannotReach(a, "10.2.0.2", "fd00:2::2");
    }

    private String linkLocal(String link) {
        String line = hosts.one.namespace.run("ip -6 -o address show dev " + link + " scope link");
        String afterFamily = line.substring(line.indexOf("inet6 ") + "inet6 ".length());
        return afterFamily.substring(0, afterFamily.indexOf('/'));
    }

    @Test
    void fromOutsideNothingComesInUnasked() {
        hosts.one.want(rows(Rows.bridge("b1", "br-b1", ONE)));
        hosts.underlay.run("ip route add 10.1.0.0/24 via 192.0.2.1");
        hosts.underlay.run("ip route add fd00:1::/64 via fd99::1");
        cannotReach(hosts.underlay, "10.1.0.2", "fd00:1::2");
        // It is the rules that hold it back, and answers do come in.
        reaches(sandbox("5a"), "192.0.2.254", "fd99::254");
        hosts.one.stop();
        hosts.one.namespace.run("nft flush ruleset");
        reaches(hosts.underlay, "10.1.0.2", "fd00:1::2");
        hosts.one.start();
        hosts.one.awaitAllReady();
        cannotReach(hosts.underlay, "10.1.0.2", "fd00:1::2");
    }

    @Test
    void anInternalNetworkReachesItselfAndItsGatewayOnly() {
        hosts.one.want(rows(Rows.bridge("b1", "br-b1", ONE, Trait.INTERNAL)));
        TestNamespace a = sandbox("5a");
        // It has default routes here, as a workload could give itself.
        reaches(a, "10.1.0.3", "fd00:1::3", "10.1.0.1", "fd00:1::1");
        cannotReach(a, "192.0.2.254", "fd99::254", "192.0.2.1", "fd99::1", "10.2.0.1", "fd00:2::1");
        cannotReach(a, "10.2.0.2", "fd00:2::2");
        hosts.underlay.run("ip route add 10.1.0.0/24 via 192.0.2.1");
        hosts.underlay.run("ip route add fd00:1::/64 via fd99::1");
        cannotReach(hosts.underlay, "10.1.0.2", "fd00:1::2");
        reaches(hosts.one.namespace, "10.1.0.2", "fd00:1::2");
    }

    @Test
    void endpointsKeptApartReachOnlyTheGatewayAndTheWayOut() {
        hosts.one.want(rows(Rows.without(Rows.bridge("b1", "br-b1", ONE), Trait.INTER_CONTAINER_COMMUNICATION)));
        TestNamespace a = sandbox("5a");
        reaches(a, "10.1.0.1", "fd00:1::1", "192.0.2.254", "fd99::254");
        cannotReach(a, "10.1.0.3", "fd00:1::3");
        a.run("ip route add 10.1.0.3/32 via 10.1.0.1");
        a.run("ip route add fd00:1::3/128 via fd00:1::1");
        cannotReach(a, "10.1.0.3", "fd00:1::3");
        // Nor by frames for the other's MAC, or for everybody; the gateway's neighbor is the one that answers.
        MacAddress own = Rows.mac(IpAddress.parse("10.1.0.2"));
        MacAddress other = Rows.mac(IpAddress.parse("10.1.0.3"));
        byte[] packet = Frames.udp(IpAddress.parse("10.1.0.2"), 4000, IpAddress.parse("10.1.0.3"), 4000, "psst");
        List<byte[]> frames =
                List.of(Frames.ipFrame(other, own, packet), Frames.ipFrame(Frames.BROADCAST, own, packet));
        byte[] last = Frames.ipFrame(
                Frames.BROADCAST,
                MacAddress.parse("02:00:00:00:00:09"),
                Frames.udp(IpAddress.parse("10.1.0.1"), 4000, IpAddress.parse("10.1.0.3"), 4000, "the end"));
        Wire wire = new Wire(directory);
        Tap victim = new Tap(sandbox("5b"), "eth0");
        List<String> arrivals = wire.arrivals(
                victim,
                () -> {
                    wire.send(new Tap(a, "eth0"), frames.toArray(byte[][]::new));
                    wire.send(new Tap(hosts.one.namespace, "br-b1"), last);
                },
                last);
        assertThat(frames).noneMatch(frame -> Wire.contains(arrivals, frame));
    }

    @Test
    void withinANetworkNothingIsTracked() {
        hosts.one.want(rows(Rows.bridge("b1", "br-b1", ONE)));
        TestNamespace a = sandbox("5a");
        reaches(a, "10.1.0.3", "fd00:1::3", "10.1.0.1", "fd00:1::1", "192.0.2.254", "fd99::254");
        assertThat(hosts.one.namespace.run("sysctl -n net.bridge.bridge-nf-call-iptables"))
                .as("bridged packets pass the host's rules")
                .isEqualTo("1\n");
        assertThat(hosts.one.namespace.run("cat /proc/net/nf_conntrack"))
                .as("what goes to the host or out is tracked")
                .contains("src=10.1.0.2 dst=10.1.0.1")
                .contains("src=10.1.0.2 dst=192.0.2.254")
                .contains("dst=fd00:0001:0000:0000:0000:0000:0000:0001")
                .contains("dst=fd99:0000:0000:0000:0000:0000:0000:0254")
                .as("what stays in the network is not")
                .doesNotContain("dst=10.1.0.3")
                .doesNotContain("dst=fd00:0001:0000:0000:0000:0000:0000:0003");
    }

    /**
     * A sandbox wraps a frame for somebody else's overlay into VXLAN and sends it to its own node, or to the other one,
     * where it would arrive with the first one's address.
     */
    @Test
    void aSandboxCannotInjectIntoAnOverlay() {
        hosts.one.want(
                Rows.bridge("b1", "br-b1", ONE),
                Rows.overlay("01", "wb-01", 4097, List.of("10.9.0.0/24")),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"),
                Rows.endpoint("e2", "01", "5b", "eth0", "10.9.0.2/24"),
                Rows.vtep("01", "node-2", "192.0.2.2"),
                Rows.peer("e3", "01", "192.0.2.2", "10.9.0.3"));
        hosts.two.want(
                Rows.overlay("01", "wb-01", 4097, List.of("10.9.0.0/24")),
                Rows.sandbox("5c"),
                Rows.endpoint("e3", "01", "5c", "eth0", "10.9.0.3/24"),
                Rows.vtep("01", "node-1", "192.0.2.1"),
                Rows.peer("e2", "01", "192.0.2.1", "10.9.0.2"));
        sandbox("5b").run("ping -c 2 -i 0.1 -W 1 10.9.0.3");
        Tap near = new Tap(sandbox("5b"), "eth0");
        Tap far = new Tap(hosts.two.sandbox("5c"), "eth0");
        assertThat(injected(near, "10.9.0.2", "192.0.2.1", "10.1.0.2")).isFalse();
        assertThat(injected(near, "10.9.0.2", "192.0.2.1", "192.0.2.2")).isFalse();
        assertThat(injected(far, "10.9.0.3", "192.0.2.2", "10.1.0.2")).isFalse();
        assertThat(injected(far, "10.9.0.3", "192.0.2.2", "192.0.2.1")).isFalse();
        hosts.one.stop();
        hosts.one.namespace.run("nft flush chain inet weft vxlan-in");
        hosts.one.namespace.run("nft delete table bridge weft");
        assertThat(injected(near, "10.9.0.2", "192.0.2.1", "10.1.0.2"))
                .as("without rules")
                .isTrue();
        assertThat(injected(far, "10.9.0.3", "192.0.2.2", "10.1.0.2"))
                .as("without rules")
                .isTrue();
        hosts.one.start();
    }

    /** Whether what the sandbox sends to a VTEP, from a true or false address, comes out in the overlay. */
    private boolean injected(Tap victim, String address, String vtep, String source) {
        IpAddress target = IpAddress.parse(address);
        IpAddress stranger = IpAddress.parse("10.9.0.66");
        byte[] inner = Frames.ipFrame(
                Rows.mac(target),
                Rows.mac(stranger),
                Frames.udp(stranger, 4000, target, 4000, "injected to " + vtep + " as " + source));
        byte[] outer = Frames.ipFrame(
                Names.bridgeMac(Rows.id("b1")),
                Rows.mac(IpAddress.parse("10.1.0.2")),
                Frames.udp(IpAddress.parse(source), 50000, IpAddress.parse(vtep), 4789, Frames.vxlan(4097, inner)));
        byte[] last = Frames.ipFrame(
                Rows.mac(target),
                Names.bridgeMac(Rows.id("01")),
                Frames.udp(IpAddress.parse("10.9.0.1"), 4000, target, 4000, "the end"));
        Wire wire = new Wire(directory);
        TestHost host = victim.namespace().path().equals(sandbox("5b").path()) ? hosts.one : hosts.two;
        List<String> arrivals = wire.arrivals(
                victim,
                () -> {
                    wire.send(new Tap(sandbox("5a"), "eth0"), outer);
                    wire.send(new Tap(host.namespace, "wb-01"), last);
                },
                last);
        return Wire.contains(arrivals, inner);
    }
}
