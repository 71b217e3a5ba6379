package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Published ports, from everywhere that somebody might ask. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortsIT {

    private final Cluster cluster = new Cluster(Cluster.spec("po").withHosts(2));
    private final LabHost host = cluster.host(1);
    private final LabHost other = cluster.host(2);
    private final PortPeer onHost = PortPeer.on(host);
    private final PortPeer onOther = PortPeer.on(other);

    @AfterAll
    void down() {
        onHost.close();
        onOther.close();
        cluster.close();
    }

    @AfterEach
    void clean() {
        String sandboxes = cluster.weft(host, "sandbox", "ls", "-q", "--no-trunc");
        if (!sandboxes.isEmpty()) {
            cluster.weft(
                    host, concat(List.of("sandbox", "rm"), sandboxes.lines().toList()));
        }
    }

    private static String[] concat(List<String> first, List<String> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toArray(String[]::new);
    }

    private String dualNetwork(String name, String ipv4, String ipv6) {
        if (!cluster.weft(host, "network", "ls", "--format", "{{.Name}}")
                .lines()
                .toList()
                .contains(name)) {
            cluster.weft(host, "network", "create", "--ipv6", "--subnet", ipv4, "--subnet", ipv6, name);
        }
        return name;
    }

    private static String ipv6(LabHost host) {
        return "fd99::" + host.address().substring(host.address().lastIndexOf('.') + 1);
    }

    @Test
    void aPortIsReachedByEveryWayOfBothFamilies() {
        dualNetwork("dual", "10.61.0.0/24", "fd61::/64");
        dualNetwork("second", "10.62.0.0/24", "fd62::/64");
        Cluster.Workload web = cluster.sandbox(
                host, "web", "--network", "dual", "-p", "8080:80", "-p", "8080:80/udp", "-p", "9000-9002:80-82");
        Cluster.Workload neighbor = cluster.sandbox(host, "neighbor", "--network", "dual");
        Cluster.Workload stranger = cluster.sandbox(host, "stranger", "--network", "second");
        assertThat(cluster.weft(host, "port", "ls", "web", "--format", "{{.Host}} {{.Container}}")
                        .lines())
                .containsExactly(
                        "0.0.0.0:8080 80/tcp",
                        "0.0.0.0:9000-9002 80-82/tcp",
                        "[::]:8080 80/tcp",
                        "[::]:9000-9002 80-82/tcp",
                        "0.0.0.0:8080 80/udp",
                        "[::]:8080 80/udp");
        try (PortPeer server = PortPeer.in(web);
                PortPeer beside = PortPeer.in(neighbor);
                PortPeer elsewhere = PortPeer.in(stranger)) {
            server.serve(80);
            server.serve(82);
            server.serve(99);
            for (String protocol : List.of("tcp", "udp")) {
                // Another host: its address is kept.
                assertThat(onOther.ask(protocol, host.address(), 8080)).isEqualTo(other.address() + " at 80");
                assertThat(onOther.ask(protocol, ipv6(host), 8080)).isEqualTo(javaForm(ipv6(other)) + " at 80");
                // The host itself, by all its addresses.
                for (String address : List.of(host.address(), ipv6(host), "127.0.0.1", "10.61.0.1", "10.62.0.1")) {
                    assertThat(onHost.ask(protocol, address, 8080)).as(address).endsWith(" at 80");
                }
                // Another network of the host: its own address is kept, too.
                assertThat(elsewhere.ask(protocol, host.address(), 8080)).isEqualTo(stranger.ipv4() + " at 80");
                assertThat(elsewhere.ask(protocol, ipv6(host), 8080)).isEqualTo(javaForm(stranger.ipv6()) + " at 80");
                // The same network, and the sandbox itself: turned round by the host.
                for (String address : List.of(host.address(), ipv6(host), "10.61.0.1", "fd61::1")) {
                    assertThat(beside.ask(protocol, address, 8080)).as(address).endsWith(" at 80");
                    assertThat(server.ask(protocol, address, 8080)).as(address).endsWith(" at 80");
                }
                // Directly on the same network.
                assertThat(beside.ask(protocol, web.ipv4(), 80)).isEqualTo(neighbor.ipv4() + " at 80");
            }
            assertThat(onOther.ask("tcp", host.address(), 9002)).isEqualTo(other.address() + " at 82");

            // What is not published is closed, by the host's address and by direct routing.
            onOther.refused("tcp", host.address(), 99);
            onOther.refused("udp", host.address(), 9000);
            other.exec("ip", "route", "add", "10.61.0.0/24", "via", host.address())
                    .orThrow();
            other.exec("ip", "-6", "route", "add", "fd61::/64", "via", ipv6(host))
                    .orThrow();
            for (String address : List.of(web.ipv4(), web.ipv6())) {
                for (int port : List.of(80, 99, 8080)) {
                    onOther.refused("tcp", address, port);
                    onOther.refused("udp", address, port);
                }
            }
            elsewhere.refused("tcp", web.ipv4(), 80);
            elsewhere.refused("tcp", web.ipv6(), 80);
            // DNAT is for local destinations only: what passes through to somebody else's port 8080 stays his.
            elsewhere.refused("tcp", Lab.INTERNET, 8080);
        } finally {
            other.exec("ip", "route", "del", "10.61.0.0/24");
            other.exec("ip", "-6", "route", "del", "fd61::/64");
        }
    }

    @Test
    void aPortOnLoopbackIsTheHostsAlone() {
        Cluster.Workload web = cluster.sandbox(host, "web", "-p", "127.0.0.1:8081:80");
        try (PortPeer server = PortPeer.in(web)) {
            server.serve(80);
            assertThat(onHost.ask("tcp", "127.0.0.1", 8081)).endsWith(" at 80");
            onHost.refused("tcp", host.address(), 8081);
            onOther.refused("tcp", host.address(), 8081);
            // A neighbor on the wire may send anything to the host's MAC: CVE-2020-8558, moby#45610.
            other.exec("ip", "route", "add", "127.0.0.0/8", "via", host.address(), "dev", "eth0", "table", "77")
                    .orThrow();
            other.exec("ip", "rule", "add", "to", "127.0.0.0/8", "lookup", "77", "pref", "0")
                    .orThrow();
            other.exec("ip", "rule", "del", "lookup", "local", "pref", "0");
            other.exec("ip", "rule", "add", "lookup", "local", "pref", "10").orThrow();
            other.exec("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1").orThrow();
            host.exec(
                            "nft",
                            "add table ip seen; add chain ip seen pre { type filter hook prerouting priority -350; };"
                                    + " add rule ip seen pre iifname != lo ip daddr 127.0.0.1 tcp dport 8081 counter")
                    .orThrow();
            onOther.refused("tcp", "127.0.0.1", 8081);
            assertThat(host.exec("nft", "list", "table", "ip", "seen").orThrow())
                    .as("the packet did come to the host")
                    .doesNotContain("packets 0");
            // Nor from a sandbox, whose bridge lets such addresses through.
            Cluster.Workload neighbor = cluster.sandbox(host, "neighbor");
            neighbor.exec("ip", "route", "add", "127.0.0.0/8", "via", "172.17.0.1", "dev", "eth0", "table", "77")
                    .orThrow();
            neighbor.exec("ip", "rule", "add", "to", "127.0.0.0/8", "lookup", "77", "pref", "0")
                    .orThrow();
            neighbor.exec("ip", "rule", "del", "lookup", "local", "pref", "0");
            neighbor.exec("ip", "rule", "add", "lookup", "local", "pref", "10").orThrow();
            neighbor.exec("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
            try (PortPeer beside = PortPeer.in(neighbor)) {
                beside.refused("tcp", "127.0.0.1", 8081);
            }
        } finally {
            host.exec("nft", "delete", "table", "ip", "seen");
            other.exec("ip", "rule", "add", "lookup", "local", "pref", "0");
            other.exec("ip", "rule", "del", "pref", "10");
            other.exec("ip", "rule", "del", "lookup", "77");
            other.exec("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=0");
        }
    }

    @Test
    void aPortThatIsTakenIsRefusedWithItsHolder() throws Exception {
        cluster.sandbox(host, "first", "-p", "8082:80");
        assertThat(cluster.refused(host, "run", "-d", "--name", "late", "-p", "127.0.0.1:8082:80"))
                .contains("port is already allocated", "sandbox first", "0.0.0.0:8082->80/tcp");
        // Another protocol is another port.
        cluster.sandbox(host, "datagrams", "-p", "8082:80/udp");
        try (PortPeer foreign = PortPeer.on(host)) {
            foreign.serve(8083);
            assertThat(cluster.refused(host, "run", "-d", "--name", "late", "-p", "8083:80"))
                    .contains("failed to bind host port", "address already in use by java (pid ", "taken back");
            assertThat(cluster.refused(host, "port", "add", "first", "8083:80"))
                    .contains("address already in use by java (pid ", "taken back");
            foreign.answered("tcp", "127.0.0.1", 8083);
        }
        assertThat(cluster.weft(host, "sandbox", "ls", "--format", "{{.Name}}").lines())
                .containsExactlyInAnyOrder("first", "datagrams");
        assertThat(cluster.weft(host, "port", "ls", "first", "-q").lines())
                .containsExactly("0.0.0.0:8082", "[::]:8082");
        cluster.sandbox(host, "late", "-p", "8083:80");
        assertThat(cluster.refused(host, "run", "-d", "-p", "8084:80/sctp")).contains("sctp");
    }

    @Test
    void portsChangeWhileConnectionsOfOthersGoOn() {
        Cluster.Workload web = cluster.sandbox(host, "web", "-p", "8085:80", "-p", "8086:81/udp");
        try (PortPeer server = PortPeer.in(web);
                PortPeer client = PortPeer.on(other)) {
            server.serve(80);
            server.serve(81);
            assertThat(client.tell("open stays tcp " + host.address() + " 8085"))
                    .startsWith("ok ");
            assertThat(client.tell("open goes udp " + host.address() + " 8086")).startsWith("ok ");
            // Before it is published, a datagram goes to the host itself and is remembered as that.
            assertThat(client.tell("open early udp " + host.address() + " 8087"))
                    .startsWith("no ");
            cluster.weft(host, "port", "add", "web", "8087:81/udp", "8088:80");
            assertThat(client.ask("tcp", host.address(), 8088)).endsWith(" at 80");
            assertThat(client.ask("udp", host.address(), 8087)).endsWith(" at 81");
            assertThat(client.tell("say goes")).startsWith("ok ");
            cluster.weft(host, "port", "rm", "web", "8086/udp");
            assertThat(client.tell("say goes")).as("of the removed port").startsWith("no ");
            client.refused("udp", host.address(), 8086);
            assertThat(client.tell("say stays")).as("of another port").startsWith("ok ");
            assertThat(cluster.refused(host, "port", "rm", "web", "8086/udp")).contains("does not publish");
            // The same port to another container port: what is open of the old target ends.
            assertThat(client.tell("open moves udp " + host.address() + " 8087"))
                    .endsWith(" at 81");
            cluster.weft(host, "port", "rm", "web", "8087/udp");
            cluster.weft(host, "port", "add", "web", "8087:80/udp");
            assertThat(client.tell("say moves")).endsWith(" at 80");
            assertThat(client.tell("say stays")).startsWith("ok ");
        }
    }

    /** The table is made anew without the port, so that no change of it says that the port has gone. */
    @Test
    void noConnectionGoesOnByAPortThatWasTakenBackWhileTheRulesWereGone() {
        Cluster.Workload web = cluster.sandbox(host, "web", "-p", "8095:80", "-p", "8096:80");
        try (PortPeer server = PortPeer.in(web);
                PortPeer client = PortPeer.on(other)) {
            server.serve(80);
            assertThat(client.tell("open goes tcp " + host.address() + " 8095")).startsWith("ok ");
            assertThat(client.tell("open stays tcp " + host.address() + " 8096"))
                    .startsWith("ok ");
            cluster.lab().daemon(host).kill();
            host.exec("nft", "flush", "ruleset").orThrow();
            // It would wait for the node, which is away; the port is taken back all the same.
            other.exec(
                    "env",
                    "WEFT_HOST=unix://" + other.nodeSocket(),
                    "timeout",
                    "5",
                    other.home().resolve("bin/weft").toString(),
                    "port",
                    "rm",
                    "web",
                    "8095");
            cluster.lab().daemon(host).restart();
            dev.weft.lab.Await.until(
                    "the connection of the removed port to end",
                    Cluster.PATIENCE,
                    () -> !host.exec("grep", "-q", "dport=8095 ", "/proc/net/nf_conntrack")
                            .succeeded());
            assertThat(client.tell("say goes")).startsWith("no ");
            assertThat(client.tell("say stays")).startsWith("ok ");
        }
    }

    @Test
    void portsSurviveTheRestartOfEverything() throws Exception {
        Cluster.Workload web = cluster.sandbox(host, "web", "-p", "8090:80", "-p", "80");
        String chosen = cluster.weft(host, "port", "ls", "web", "-q")
                .lines()
                .filter(line -> !line.endsWith(":8090"))
                .map(line -> line.substring(line.lastIndexOf(':') + 1))
                .distinct()
                .collect(java.util.stream.Collectors.joining());
        assertThat(Integer.parseInt(chosen)).isBetween(32_768, 60_999);
        try (PortPeer server = PortPeer.in(web);
                PortPeer client = PortPeer.on(other)) {
            server.serve(80);
            assertThat(client.tell("open stays tcp " + host.address() + " 8090"))
                    .startsWith("ok ");
            cluster.lab().daemon(host).kill();
            assertThat(client.tell("say stays")).startsWith("ok ");
            assertThat(client.ask("tcp", host.address(), 8090)).endsWith(" at 80");
            cluster.lab().controlPlane().restart();
            cluster.lab().daemon(host).restart();
            assertThat(client.tell("say stays")).startsWith("ok ");
            assertThat(client.ask("tcp", host.address(), 8090)).endsWith(" at 80");
            assertThat(client.ask("tcp", host.address(), Integer.parseInt(chosen)))
                    .endsWith(" at 80");
        }
        // Held again: nobody else on the host can have it.
        try (PortPeer foreign = PortPeer.on(host)) {
            dev.weft.lab.Await.until(
                    "the port to be held",
                    java.time.Duration.ofSeconds(10),
                    () -> foreign.tell("serve 8090").startsWith("no "));
        }
    }

    private static String javaForm(String ipv6) {
        try {
            return java.net.InetAddress.getByName(ipv6).getHostAddress();
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
