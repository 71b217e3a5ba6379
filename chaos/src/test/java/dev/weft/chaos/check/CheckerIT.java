package dev.weft.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.chaos.ledger.Expectation;
import dev.weft.chaos.ledger.Expectation.NodePort;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabSpec;
import dev.weft.lab.Namespaces;
import dev.weft.lab.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The checker sees that all is well, and, when the daemons are stopped and something is broken by hand, that it is not. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CheckerIT {

    private static final int PORT = 8095;

    private final Lab lab =
            Lab.up(LabSpec.named("ck" + ProcessHandle.current().pid() % 10_000).withHosts(2));
    private final Surroundings surroundings = new Surroundings(
            lab.hosts().stream()
                    .map(host -> new Surroundings.Node(
                            host.name(),
                            Namespaces.path(host.namespace()),
                            host.address(),
                            host.runDirectory(),
                            host.name().equals("h1") ? List.of(theirs(1), theirs(2)) : List.of()))
                    .toList(),
            lab.controlPlaneHost().home().resolve("bin/weft"),
            Namespaces.path(lab.outside().namespace()),
            Lab.INTERNET,
            new SqliteReader(lab.controlPlaneHost().stateDirectory().resolve("weft.db")),
            Optional.empty());
    private final RuleCheck rules = new RuleCheck();

    @BeforeAll
    void workloads() {
        LabHost first = lab.host(1);
        first.weft("network", "create", "-d", "overlay", "--ipv6", "web").orThrow();
        first.weft("network", "create", "lan").orThrow();
        first.weft(
                        "run",
                        "-d",
                        "--name",
                        "a",
                        "--network",
                        "name=web,alias=storage,ingress=20mbit,egress=5mbit",
                        "-p",
                        PORT + ":80")
                .orThrow();
        first.weft("run", "-d", "--name", "c", "--network", "lan").orThrow();
        first.weft("run", "-d", "--name", "side", "--network", "container:a").orThrow();
        for (int number = 1; number <= 2; number++) {
            String name = theirs(number).getFileName().toString();
            Shell.run("ip", "netns", "add", name).orThrow();
            Shell.run("ip", "-n", name, "link", "set", "lo", "up").orThrow();
        }
        first.weft("sandbox", "attach", "--netns", theirs(1).toString(), "--name", "old", "--network", "lan")
                .orThrow();
        lab.hosts().forEach(this::wire);
        lab.host(2)
                .weft("run", "-d", "--name", "b", "--network", "web", "--network-alias", "storage")
                .orThrow();
    }

    /** Somebody else's namespace on h1; it goes with the lab. */
    private Path theirs(int number) {
        return Namespaces.path(lab.host(1).namespace() + "-x" + number);
    }

    private void wire(LabHost host) {
        String number = host.name().substring(1);
        host.weft(
                        "network",
                        "create",
                        "-d",
                        "macvlan",
                        "-o",
                        "parent=eth0",
                        "--subnet",
                        "198.19.0.0/16",
                        "--ip-range",
                        "198.19." + number + ".0/24",
                        "wire")
                .orThrow();
        host.weft("run", "-d", "--name", "m" + number, "--network", "name=wire,egress=8mbit")
                .orThrow();
    }

    @AfterAll
    void down() {
        lab.close();
    }

    /** What the store has is taken as told: the store's own checks have a test of their own. */
    private static Expectation told(StoreContent store, Set<NodePort> removedPorts) {
        List<Expectation.Port> ports = store.sandboxes().values().stream()
                .flatMap(sandbox -> sandbox.ports().stream()
                        .filter(port -> port.hostAddress().equals("0.0.0.0"))
                        .map(port -> new Expectation.Port(
                                new NodePort(sandbox.node(), port.hostPort()), port.containerPort(), sandbox.id())))
                .filter(port -> !removedPorts.contains(port.nodePort()))
                .toList();
        return new Expectation(
                store.networks().values().stream()
                        .filter(network -> !network.predefined())
                        .map(network -> new Expectation.Network(
                                network.id(),
                                network.name(),
                                network.driver(),
                                network.node(),
                                network.internal(),
                                network.subnets().stream()
                                        .map(StoreContent.Subnet::cidr)
                                        .toList()))
                        .toList(),
                store.sandboxes().values().stream()
                        .map(sandbox -> new Expectation.Sandbox(
                                sandbox.id(), sandbox.name(), sandbox.node(), sandbox.owner(), sandbox.netnsPath()))
                        .toList(),
                store.endpoints().values().stream()
                        .map(endpoint -> new Expectation.Endpoint(
                                endpoint.id(),
                                endpoint.networkId(),
                                endpoint.sandboxId(),
                                endpoint.ipv4(),
                                endpoint.ipv6(),
                                endpoint.mac(),
                                endpoint.aliases(),
                                endpoint.ingress(),
                                endpoint.egress()))
                        .toList(),
                ports,
                Set.of(),
                removedPorts,
                Set.of("former"),
                Set.of());
    }

    private List<String> look(Check check, Set<NodePort> removedPorts) {
        StoreContent store = surroundings.store().read();
        return look(check, store, told(store, removedPorts));
    }

    private List<String> look(Check check, StoreContent store, Expectation told) {
        Findings findings = new Findings();
        check.look(new Check.Scene(surroundings, told, store), findings);
        assertThat(findings.looked()).as("looks of %s", check.kind()).isPositive();
        return findings.wrong();
    }

    private List<String> look(Check check) {
        return look(check, Set.of());
    }

    /** On h1, with X the tunnel, B the overlay's bridge, V the link of a, and S the namespace of a. */
    private void breakBy(String script) {
        LabHost host = lab.host(1);
        String id = sandbox("a");
        Shell.Result result = host.exec(
                "sh",
                "-c",
                "X=$(ip -o link show type vxlan | awk -F'[ :@]+' '{print $2}'); B=br-${X#vx-}; "
                        + "V=$(ip -o link show type veth master $B | awk -F'[ :@]+' '{print $2}'); S="
                        + host.sandboxNamespace(id) + "; " + script);
        assertThat(result.exitCode()).as("%s: %s", script, result.stderr()).isZero();
    }

    private String sandbox(String name) {
        return surroundings.store().read().sandboxes().values().stream()
                .filter(sandbox -> sandbox.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    @Order(1)
    void allIsWell() {
        Expectation told = told(surroundings.store().read(), Set.of());
        Verdict verdict = new Checker(surroundings).check(told, Duration.ofMinutes(2), _ -> {});
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.looks())
                .hasSize(12)
                .allSatisfy((kind, looks) -> assertThat(looks).as(kind).isNotNegative());
        assertThat(verdict.looks().get("permitted pairs reach")).isGreaterThan(4);
        assertThat(verdict.looks().get("forbidden pairs do not reach")).isPositive();
        assertThat(verdict.looks().get("names lead to their members")).isGreaterThan(10);
        assertThat(look(rules)).isEmpty();
    }

    /** The servers are right; what they are held against is not, and then they stand still. */
    @Test
    @Order(2)
    void namesAndSharersThatAreElsewhereAreSeen() {
        StoreContent store = surroundings.store().read();
        String far = store.endpoints().values().stream()
                .filter(endpoint -> endpoint.sandboxId().equals(sandbox("b")))
                .findFirst()
                .orElseThrow()
                .id();
        Map<String, StoreContent.Value> without = new java.util.TreeMap<>(store.values());
        without.remove("endpoints/" + far);
        assertThat(look(new NameCheck(), new StoreContent(store.revision(), without), told(store, Set.of())))
                .anyMatch(text -> text.matches("in a on h1 b must not be known, and is \\[[0-9.]+] \\(code 0\\)"))
                .anyMatch(text -> text.matches("in a on h1 storage \\(IPv4\\) should be \\[[0-9.]+], and is .*, .*"));
        Map<String, StoreContent.Value> other = new java.util.TreeMap<>(store.values());
        other.put("sandboxes/" + sandbox("side"), shared("side", "c"));
        assertThat(look(new SharerCheck(), new StoreContent(store.revision(), other), told(store, Set.of())))
                .singleElement()
                .asString()
                .matches("side on h1 should be in namespace net:\\[\\d+] of " + sandbox("c")
                        + ", and is in 'net:\\[\\d+]'");
        lab.hosts().forEach(host -> lab.daemon(host).signal("STOP"));
        assertThat(look(new NameCheck()))
                .anyMatch(text -> text.matches("in a on h1 b \\(IPv6\\) should be \\[.*], and is not answered"))
                .anyMatch(text -> text.matches("in b on h2 its own name by UDP should be .*, and is \\[]"));
    }

    @Test
    @Order(8)
    void brokenLinksEntriesAndNeighborsAreSeen() {
        breakBy("bridge fdb del $(bridge fdb show dev $X | awk '/02:42.* dst .*self/{print $1; exit}') dev $X self");
        breakBy("ip neigh del $(ip neigh show dev $X proto 119 | awk '{print $1; exit}') dev $X");
        breakBy("ip link set $V nomaster; ip link add br-left type bridge; ip addr flush dev $B scope global");
        assertThat(look(new LinkCheck()))
                .anyMatch(text -> text.matches("FDB entries of vx-\\w+ on h1: missing \\[02:42.*"))
                .anyMatch(text -> text.matches("neighbors of vx-\\w+ on h1: missing \\[.*"))
                .anyMatch(text -> text.matches("link veth\\w+ on h1 should be up and on bridge 'br-.*"))
                .anyMatch(text -> text.matches("addresses of br-\\w+ on h1: missing .*"))
                .anyMatch(text -> text.equals("links on h1: should not be there: [br-left]"));
        assertThat(look(new ReachCheck(true))).anyMatch(text -> text.startsWith("a on h1 does not reach "));
        breakBy("ip link set $V master $B; ip link del br-left");
    }

    private StoreContent.Value shared(String name, String owner) {
        return new StoreContent.Value(
                dev.weft.api.v1.Sandbox.newBuilder()
                        .setId(sandbox(name))
                        .setName(name)
                        .setNode("h1")
                        .setSharedSandboxId(sandbox(owner))
                        .build()
                        .toByteArray(),
                1);
    }

    @Test
    @Order(7)
    void limitsThatAreOffOrOthersAreSeen() {
        breakBy("tc qdisc replace dev $V root handle 7766: tbf rate 9mbit burst 15000 latency 25ms");
        breakBy("tc qdisc del dev $(ip -o link show type ifb | awk -F'[ :@]+' '{print $2}') root; "
                + "tc qdisc del dev $V ingress");
        assertThat(look(new BandwidthCheck()))
                .anyMatch(text ->
                        text.matches("limits on h1: missing \\[ifb\\w+ 5000000 bit/s, veth\\w+ 20000000 bit/s]"))
                .anyMatch(text -> text.matches("limits on h1: should not be there: \\[veth\\w+ 9000000 bit/s]"))
                .anyMatch(text -> text.matches("what is diverted on h1: missing \\[veth\\w+ through ifb\\w+]"));
    }

    /** Of one on the wire, and of two that are not Weft's: one is a sandbox, the other is not. */
    @Test
    @Order(10)
    void brokenNamespacesOfOtherKindsAreSeen() {
        String wired = lab.host(1).sandboxNamespace(sandbox("m1")).toString();
        breakBy("nsenter --net=" + wired + " tc qdisc del dev eth0 root");
        assertThat(look(new BandwidthCheck())).contains("limits in m1 on h1: missing [eth0 8000000 bit/s]");
        breakBy("nsenter --net=" + wired + " ip link del eth0");
        assertThat(look(new ReachCheck(true)))
                .anyMatch(text -> text.startsWith("m1 on h1 does not reach 198.19.2."))
                .anyMatch(text -> text.startsWith("m2 on h2 does not reach 198.19.1."));
        breakBy("nsenter --net=" + theirs(1) + " ip addr flush dev eth0 scope global");
        breakBy("nsenter --net=" + theirs(2) + " ip link add left type bridge");
        assertThat(look(new SandboxCheck()))
                .contains(
                        "interfaces in m1 on h1: missing [eth0]",
                        "interfaces in " + theirs(2) + ": should not be there: [left]")
                .anyMatch(text -> text.startsWith("addresses of eth0 in old on h1: missing ["));
    }

    @Test
    @Order(9)
    void brokenNamespacesAreSeen() {
        breakBy("nsenter --net=$S sh -c 'ip addr flush dev eth0 scope global; ip -6 route del default; true'");
        breakBy("touch ${S%/*}/" + "f".repeat(64));
        assertThat(look(new SandboxCheck()))
                .anyMatch(text -> text.startsWith("addresses of eth0 in a on h1: missing "))
                .anyMatch(text -> text.startsWith("the IPv4 default route in a on h1 should lead to one of "))
                .anyMatch(text -> text.startsWith("namespaces on h1: should not be there: [fff"));
        breakBy("rm ${S%/*}/" + "f".repeat(64));
    }

    @Test
    @Order(3)
    void aPortThatAnswersAndShouldNotIsSeenAndOneThatDoesNot() {
        assertThat(look(new PortCheck(), Set.of(new NodePort("h1", PORT))))
                .containsExactly("port h1:8095 should be answered by nobody, and was by '" + sandbox("a") + "'");
        breakBy("nft flush map inet weft anyports4");
        assertThat(look(new PortCheck()))
                .containsExactly("port h1:8095 should be answered by " + sandbox("a") + ", and was by ''");
    }

    @Test
    @Order(4)
    void aConnectionOfAFormerPortIsSeen() {
        HostView host = new HostView(
                surroundings.nodes().getFirst(),
                Map.of(
                        "conntrack",
                        "ipv4 2 tcp 6 99 ESTABLISHED src=192.0.2.1 dst=192.0.2.11 sport=4 dport=8095"
                                + " src=10.9.9.9 dst=192.0.2.1 sport=80 dport=4"));
        Findings findings = new Findings();
        ConnectionCheck.look(Desired.of("h1", surroundings.store().read()), host, Set.of(), findings);
        assertThat(findings.wrong())
                .singleElement()
                .asString()
                .startsWith("a connection still leads from port h1:8095 to 10.9.9.9: ");
    }

    @Test
    @Order(5)
    void otherRulesAndElementsAreSeen() {
        breakBy("nft flush set inet weft vteps4; nft add rule inet weft forward counter");
        breakBy("nft flush set bridge weft sources4");
        assertThat(look(rules))
                .contains("chains and rules on h1 are not those of the beginning")
                .anyMatch(text -> text.equals("others' tunnel addresses on h1: missing [192.0.2.12]"))
                .anyMatch(text -> text.startsWith("who may send what on h1: missing "));
    }

    @Test
    @Order(6)
    void aForbiddenWayThatIsOpenIsSeen() {
        breakBy("nft delete table inet weft; nft delete table bridge weft");
        assertThat(look(new ReachCheck(false)))
                .anyMatch(text -> text.matches("[ac] on h1 reaches, and must not, [0-9.]+"));
    }
}
