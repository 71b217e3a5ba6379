package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.model.Row;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
class BridgeKernelTest {

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

    private static List<Row> two() {
        return List.of(
                Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24")),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24"),
                Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24"));
    }

    private static List<Row> with(List<Row> rows, Row... more) {
        List<Row> all = new ArrayList<>(rows);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void sandboxesReachEachOtherTheHostAndOutside() {
        hosts.one.want(two());
        TestNamespace a = hosts.one.sandbox("5a");
        a.run("ping -c 2 -i 0.1 -W 1 10.1.0.3");
        a.run("ping -c 2 -i 0.2 -W 1 10.1.0.1");
        a.run("ping -c 2 -i 0.2 -W 1 192.0.2.254");
        hosts.one.namespace.run("ping -c 2 -i 0.2 -W 1 10.1.0.2");
        // An answer of the underlay's switch to the node's own address: it has no way to 10.1.0.0/24.
        assertThat(a.run("ip route")).contains("default via 10.1.0.1 dev eth0 proto 119");
    }

    @Test
    void whatIsTamperedWithWhileEndpointsComeIsRepaired() {
        List<Row> rows = new ArrayList<>(two());
        hosts.one.want(rows);
        TestNamespace host = hosts.one.namespace;
        TestNamespace a = hosts.one.sandbox("5a");
        String port = Names.veth(Rows.id("e1")).value();
        List<Damage> damages = List.of(
                new Damage(host, "ip address del 10.1.0.1/24 dev br-b1", "ip -o -4 address show dev br-b1"),
                new Damage(
                        host, "nft delete element inet weft bridges { \"br-b1\" }", "nft list set inet weft bridges"),
                new Damage(host, "ip link set " + port + " nomaster", "bridge link show dev " + port),
                new Damage(host, "bridge link set dev " + port + " hairpin on", "bridge -d link show dev " + port),
                new Damage(a, "ip route del default", "ip route show default"),
                new Damage(a, "ip address del 10.1.0.2/24 dev eth0", "ip -o -4 address show dev eth0"),
                new Damage(a, "ip link set eth0 mtu 1280", "ip -o link show dev eth0"));
        List<String> right = damages.stream()
                .map(damage -> TestHost.output(damage.where(), damage.view()))
                .toList();
        for (int i = 0; i < damages.size(); i++) {
            Damage damage = damages.get(i);
            offerOneMore(rows, 2 * i);
            String unusedOutput = TestHost.output(damage.where(), damage.command());
            offerOneMore(rows, 2 * i + 1);
        }
        for (int i = 0; i < damages.size(); i++) {
            Damage damage = damages.get(i);
            String wanted = right.get(i);
            hosts.one.await(
                    "repair of: " + damage.command(),
                    () -> TestHost.output(damage.where(), damage.view()).equals(wanted));
        }
        hosts.one.awaitAllReady();
        a.run("ping -c 2 -i 0.1 -W 1 10.1.0.23");
    }

    /** Weft writes no comments, ranges or the like; what has them is somebody else's, and must not stop the repair. */
    @Test
    void elementsOfAnyFormThatOthersAddedAreTakenAway() {
        hosts.one.want(two());
        TestNamespace host = hosts.one.namespace;
        String view = "nft list table inet weft";
        String right = TestHost.output(host, view);
        for (String element : List.of(
                "bridges { \"br-x\" comment \"theirs\" }",
                "intra { \"br-x\" . \"br-y\" comment \"theirs\" }",
                "masquerade4 { 10.9.0.0/16 comment \"theirs\" }",
                "masquerade4 { 10.9.1.3-10.9.1.7 }",
                "masquerade6 { fd09::3-fd09::7 comment \"theirs\" }",
                "snat4 { 10.9.0.0/16 comment \"theirs\" : 192.0.2.9 }",
                "ports4 { 192.0.2.1 . tcp . 8080 comment \"theirs\" : 10.1.0.2 . 80 }")) {
            host.run("nft add element inet weft " + element);
            hosts.one.await(
                    "repair of " + element, () -> TestHost.output(host, view).equals(right));
        }
        hosts.one.awaitAllReady();
    }

    private record Damage(TestNamespace where, String command, String view) {}

    private void offerOneMore(List<Row> rows, int number) {
        String id = "f" + Integer.toHexString(number);
        rows.add(Rows.sandbox(id));
        rows.add(Rows.endpoint(id, "b1", id, "eth0", "10.1.0." + (10 + number) + "/24"));
        hosts.one.offer(rows);
    }

    @Test
    void outsideCannotComeIn() {
        hosts.one.want(two());
        hosts.underlay.run("ip route add 10.1.0.0/24 via 192.0.2.1");
        TestHost.cannot(hosts.underlay, "ping -c 2 -i 0.1 -W 1 10.1.0.2");
    }

    @Test
    void networksAreIsolatedFromEachOther() {
        hosts.one.want(with(
                two(),
                Rows.bridge("b2", "br-b2", List.of("10.2.0.0/24")),
                Rows.sandbox("5c"),
                Rows.endpoint("e3", "b2", "5c", "eth0", "10.2.0.2/24")));
        hosts.one.sandbox("5c").run("ping -c 2 -i 0.2 -W 1 192.0.2.254");
        TestHost.cannot(hosts.one.sandbox("5c"), "ping -c 2 -i 0.1 -W 1 10.1.0.2");
        TestHost.cannot(hosts.one.sandbox("5a"), "ping -c 2 -i 0.1 -W 1 10.2.0.2");
    }

    @Test
    void anInternalNetworkHasNoWayInOrOut() {
        hosts.one.want(
                Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24"), Trait.INTERNAL),
                Rows.sandbox("5a"),
                Rows.sandbox("5b"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24"),
                Rows.endpoint("e2", "b1", "5b", "eth0", "10.1.0.3/24"));
        TestNamespace a = hosts.one.sandbox("5a");
        a.run("ping -c 2 -i 0.2 -W 1 10.1.0.3");
        a.run("ping -c 2 -i 0.2 -W 1 10.1.0.1");
        // It has a default route here, as a workload could give itself one.
        TestHost.cannot(a, "ping -c 2 -i 0.1 -W 1 192.0.2.254");
        TestHost.cannot(a, "ping -c 2 -i 0.1 -W 1 192.0.2.1");
        hosts.underlay.run("ip route add 10.1.0.0/24 via 192.0.2.1");
        TestHost.cannot(hosts.underlay, "ping -c 2 -i 0.1 -W 1 10.1.0.2");
    }

    @Test
    void endpointsKeptApartReachOnlyTheWayOut() {
        List<Row> rows = new ArrayList<>(two());
        rows.set(
                0,
                Rows.without(Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24")), Trait.INTER_CONTAINER_COMMUNICATION));
        hosts.one.want(rows);
        TestNamespace a = hosts.one.sandbox("5a");
        a.run("ping -c 2 -i 0.2 -W 1 192.0.2.254");
        TestHost.cannot(a, "ping -c 2 -i 0.1 -W 1 10.1.0.3");
        // Nor by way of the gateway.
        a.run("ip route add 10.1.0.3/32 via 10.1.0.1");
        TestHost.cannot(a, "ping -c 2 -i 0.1 -W 1 10.1.0.3");
    }

    @Test
    void aForeignLinkWithTheBridgesNameFailsTheNetworkAndIsNotTouched() {
        hosts.one.namespace.run("ip link add br-b1 type bridge");
        String before = hosts.one.namespace.run("ip -o link show dev br-b1");
        List<Row> rows = two();
        hosts.one.offer(rows);
        hosts.one.await(
                "failure",
                () -> hosts.one
                        .state(rows.get(3))
                        .filter(state -> state.stage() == RowState.Stage.FAILED)
                        .isPresent());
        assertThat(hosts.one.state(rows.get(0)).orElseThrow().message())
                .contains("br-b1 exists already and is not Weft's");
        assertThat(hosts.one.namespace.run("ip -o link show dev br-b1")).isEqualTo(before);
        // When it is out of the way, everything comes right by itself.
        hosts.one.namespace.run("ip link del br-b1");
        hosts.one.awaitReady();
        hosts.one.sandbox("5a").run("ping -c 2 -i 0.2 -W 1 10.1.0.3");
    }

    @Test
    void onlyLoopbackWithoutEndpoints() throws Exception {
        hosts.one.want(Rows.sandbox("5a"));
        TestNamespace a = hosts.one.sandbox("5a");
        assertThat(a.run("ip -o link").lines()).hasSize(1);
        a.run("ping -c 2 -i 0.2 -W 1 127.0.0.1");
        Path hosts5a = hosts.one.directories.hosts(Rows.id("5a"));
        assertThat(Files.readString(hosts5a)).contains("127.0.0.1\tlocalhost");
        assertThat(Files.readString(hosts.one.directories.hostname(Rows.id("5a"))))
                .isEqualTo("box-5a\n");
    }

    @Test
    void removalEndsTheProcessesOfASandbox() throws Exception {
        hosts.one.want(two());
        Path netns = hosts.one.sandbox("5b").path();
        Process polite = new ProcessBuilder("nsenter", "--net=" + netns, "sleep", "1000").start();
        Process stubborn = new ProcessBuilder(
                        "nsenter", "--net=" + netns, "sh", "-c", "trap '' TERM; while :; do sleep 0.1; done")
                .start();
        hosts.one.await(
                "processes to be inside",
                () -> TestHost.output(hosts.one.sandbox("5b"), "true").isEmpty());
        hosts.one.want(List.of(two().get(0), two().get(1), two().get(3)));
        assertThat(polite.waitFor()).isNotZero();
        assertThat(stubborn.waitFor()).isEqualTo(137);
        assertThat(netns).doesNotExist();
        hosts.one.sandbox("5a").run("ping -c 2 -i 0.2 -W 1 10.1.0.1");
    }
}
