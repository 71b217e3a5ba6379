package dev.weft.node.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.IpAddress;
import dev.weft.net.PortBinding;
import dev.weft.net.TransportProtocol;
import dev.weft.node.audit.Finding.Exposure;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.reconcile.RowIndex;
import dev.weft.node.reconcile.TestHost;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an audit finds on a real host, and what it leaves there: nothing. */
@Tag("kernel")
class PortAuditKernelTest {

    private static final NetworkRow NETWORK = Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24", "fd00:1::/64"));

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    private final List<Process> servers = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private TestNamespace place;

    @SuppressWarnings("NullAway.Init")
    private TestHost host;

    @SuppressWarnings("NullAway.Init")
    private PortAuditor auditor;

    @BeforeEach
    void startHost() {
        place = namespaces.create("host");
        TestNamespace wire = namespaces.create("wire");
        place.run("ip link set lo up");
        place.run("ip link add eth0 type veth peer name eth0 netns " + wire.path());
        wire.run("ip link set eth0 up");
        place.run("ip link set eth0 up");
        for (String address : List.of("192.0.2.1/24", "192.0.2.9/24", "fd99::1/64")) {
            place.run("ip address add " + address + " dev eth0" + (address.startsWith("fd") ? " nodad" : ""));
        }
        host = new TestHost(place, directory, "192.0.2.1").start();
        auditor = NamespaceThreads.call(place.namespace(), PortAuditor::open);
    }

    @AfterEach
    void stopHost() {
        servers.forEach(Process::destroyForcibly);
        auditor.close();
        host.close();
    }

    private static SandboxRow sandbox(PortBinding... ports) {
        return new SandboxRow(Rows.id("5a"), 2, "box-5a", new SandboxPlace.Managed(), "box-5a", List.of(ports));
    }

    private static PortBinding tcp(String address, int hostPort, int containerPort) {
        return new PortBinding(TransportProtocol.TCP, IpAddress.parse(address), hostPort, containerPort, 1);
    }

    private static PortBinding udp(String address, int hostPort, int containerPort) {
        return new PortBinding(TransportProtocol.UDP, IpAddress.parse(address), hostPort, containerPort, 1);
    }

    private static List<Row> rows(SandboxRow sandbox) {
        return List.of(NETWORK, sandbox, Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"));
    }

    /** Publishes, serves port 80 of the sandbox, and audits. */
    private List<Finding> audited(PortBinding... ports) {
        SandboxRow sandbox = sandbox(ports);
        host.want(rows(sandbox));
        serve(80);
        return audit(sandbox);
    }

    private List<Finding> audit(SandboxRow sandbox) {
        List<Finding> findings = new ArrayList<>();
        auditor.audit(List.of(sandbox), RowIndex.of(rows(sandbox)), collecting(findings));
        return findings;
    }

    private static PortAuditor.Listener collecting(List<Finding> findings) {
        return new PortAuditor.Listener() {
            @Override
            public void progress(int auditedPorts, int totalPorts) {
                assertThat(auditedPorts).isLessThanOrEqualTo(totalPorts);
            }

            @Override
            public void found(Finding finding) {
                findings.add(finding);
            }

            @Override
            public boolean isCancelled() {
                return false;
            }
        };
    }

    /** TCP and UDP on one port of the sandbox, both families. TCP is accepted, datagrams are answered. */
    private void serve(int port) {
        try {
            Process server = new ProcessBuilder(
                            "nsenter", "--net=" + host.sandbox("5a").path(), "python3", "-c", """
                            import socket, threading
                            def answer(s):
                                while True:
                                    data, peer = s.recvfrom(100)
                                    s.sendto(b'here', peer)
                            for family, any in ((socket.AF_INET, '0.0.0.0'), (socket.AF_INET6, '::')):
                                t = socket.socket(family, socket.SOCK_STREAM)
                                u = socket.socket(family, socket.SOCK_DGRAM)
                                for s in (t, u):
                                    if family == socket.AF_INET6:
                                        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                                    s.bind((any, %d))
                                t.listen(100)
                                globals()['keep' + any] = t
                                threading.Thread(target=answer, args=(u,)).start()
                            print('ready', flush=True)
                            """.formatted(port))
                    .redirectErrorStream(true)
                    .start();
            servers.add(server);
            BufferedReader output = server.inputReader();
            assertThat(output.readLine()).isEqualTo("ready");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each way and what came of it. */
    private static Map<String, Outcome> outcomes(Finding finding) {
        Map<String, Outcome> outcomes = new TreeMap<>();
        finding.sightings()
                .forEach(sighting -> outcomes.put(
                        sighting.way().from() + " " + sighting.way().to(), sighting.outcome()));
        return outcomes;
    }

    @Test
    void aPortOnAllAddressesIsReachedFromEverywhere() {
        List<Finding> findings = audited(tcp("0.0.0.0", 8080, 80), tcp("::", 8080, 80), udp("0.0.0.0", 8080, 80));
        assertThat(findings).extracting(Finding::exposure).containsOnly(Exposure.AS_BOUND);
        assertThat(outcomes(findings.get(0)))
                .containsOnlyKeys(
                        "LOOPBACK 127.0.0.1", "HOST 192.0.2.1", "HOST 192.0.2.9", "LAN 192.0.2.1", "LAN 192.0.2.9")
                .containsValues(Outcome.ANSWERED)
                .doesNotContainValue(Outcome.NO_LISTENER);
        assertThat(outcomes(findings.get(1)))
                .isEqualTo(Map.of(
                        "LOOPBACK ::1", Outcome.CLOSED,
                        "HOST fd99::1", Outcome.ANSWERED,
                        "LAN fd99::1", Outcome.ANSWERED));
        assertThat(outcomes(findings.get(2)).values()).containsOnly(Outcome.ANSWERED);
    }

    @Test
    void aPortOnLoopbackIsReachedFromTheHostOnly() {
        List<Finding> findings = audited(tcp("127.0.0.1", 8081, 80), udp("127.0.0.1", 8081, 80));
        assertThat(outcomes(findings.get(0)))
                .isEqualTo(Map.of(
                        "LOOPBACK 127.0.0.1", Outcome.ANSWERED,
                        "HOST 192.0.2.1", Outcome.CLOSED,
                        "HOST 192.0.2.9", Outcome.CLOSED,
                        "LAN 192.0.2.1", Outcome.CLOSED,
                        "LAN 192.0.2.9", Outcome.CLOSED,
                        "LAN 127.0.0.1", Outcome.DROPPED));
        assertThat(outcomes(findings.get(1)))
                .containsEntry("LOOPBACK 127.0.0.1", Outcome.ANSWERED)
                .containsEntry("LAN 127.0.0.1", Outcome.DROPPED)
                .containsEntry("LAN 192.0.2.1", Outcome.CLOSED);
        assertThat(findings).extracting(Finding::exposure).containsOnly(Exposure.AS_BOUND);
    }

    @Test
    void aPortOfOneAddressIsReachedAtThatOnly() {
        List<Finding> findings = audited(tcp("192.0.2.9", 8082, 80), tcp("fd99::1", 8082, 80));
        assertThat(outcomes(findings.get(0)))
                .isEqualTo(Map.of(
                        "LOOPBACK 127.0.0.1", Outcome.CLOSED,
                        "HOST 192.0.2.1", Outcome.CLOSED,
                        "HOST 192.0.2.9", Outcome.ANSWERED,
                        "LAN 192.0.2.1", Outcome.CLOSED,
                        "LAN 192.0.2.9", Outcome.ANSWERED));
        assertThat(outcomes(findings.get(1)).values())
                .containsExactlyInAnyOrder(Outcome.CLOSED, Outcome.ANSWERED, Outcome.ANSWERED);
        assertThat(findings).extracting(Finding::exposure).containsOnly(Exposure.AS_BOUND);
    }

    /** Nobody listens: the backend's refusal, not the host's. One that says nothing was sent the probe all the same. */
    @Test
    void anAbsentListenerIsNotAClosedPort() {
        SandboxRow sandbox = sandbox(tcp("0.0.0.0", 8083, 81), tcp("::", 8083, 81), udp("0.0.0.0", 8083, 81));
        host.want(rows(sandbox));
        List<Finding> findings = audit(sandbox);
        assertThat(outcomes(findings.get(0)).values()).containsOnly(Outcome.NO_LISTENER);
        assertThat(outcomes(findings.get(1)))
                .containsEntry("LOOPBACK ::1", Outcome.CLOSED)
                .containsEntry("LAN fd99::1", Outcome.NO_LISTENER);
        assertThat(outcomes(findings.get(2)).values()).containsOnly(Outcome.NO_LISTENER);
        assertThat(findings).extracting(Finding::exposure).containsOnly(Exposure.AS_BOUND);
        host.sandbox("5a")
                .run(
                        "nft",
                        "add table inet mute; add chain inet mute in { type filter hook input"
                                + " priority 0; policy accept; }; add rule inet mute in meta l4proto { tcp, udp } drop");
        findings = audit(sandbox);
        assertThat(outcomes(findings.get(0)).values()).containsOnly(Outcome.SILENT);
        assertThat(outcomes(findings.get(2)).values()).containsOnly(Outcome.SILENT);
        assertThat(findings).extracting(Finding::exposure).containsOnly(Exposure.AS_BOUND);
    }

    @Test
    void somebodyElsesRulesAreFoundByTheirEffect() {
        SandboxRow sandbox = sandbox(tcp("0.0.0.0", 8084, 80), tcp("127.0.0.1", 8085, 80));
        host.want(rows(sandbox));
        serve(80);
        place.run(
                "nft",
                "add table ip foreign; add chain ip foreign f { type filter hook forward priority 10; };"
                        + " add rule ip foreign f tcp dport 80 drop");
        List<Finding> findings = audit(sandbox);
        Finding all = findings.get(0);
        assertThat(all.exposure()).isEqualTo(Exposure.LESS);
        assertThat(outcomes(all))
                .containsEntry("LAN 192.0.2.1", Outcome.DROPPED)
                .containsEntry("HOST 192.0.2.1", Outcome.ANSWERED)
                .containsEntry("LOOPBACK 127.0.0.1", Outcome.ANSWERED);
        assertThat(all.reason())
                .contains("not reached by another host at 192.0.2.1")
                .contains("nft list ruleset");
        assertThat(findings.get(1).exposure()).isEqualTo(Exposure.AS_BOUND);
        place.run("nft delete table ip foreign");
        // One that lets a stranger in where the address promises that none gets in.
        place.run(
                "nft",
                "add table ip foreign; add chain ip foreign p { type nat hook prerouting priority -110; };"
                        + " add rule ip foreign p tcp dport 8085 dnat to 10.1.0.2:80");
        findings = audit(sandbox);
        assertThat(findings.get(0).exposure()).isEqualTo(Exposure.AS_BOUND);
        assertThat(findings.get(1).exposure()).isEqualTo(Exposure.MORE);
        assertThat(findings.get(1).reason()).contains("reached by another host at 192.0.2.1: 10.1.0.2:80 answered");
    }

    @Test
    void neighborsOfWhichTheSameIsFoundAreOneFinding() {
        List<Finding> findings =
                audited(new PortBinding(TransportProtocol.TCP, IpAddress.parse("0.0.0.0"), 9000, 90, 120));
        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().binding().count()).isEqualTo(120);
        assertThat(outcomes(findings.getFirst()).values()).containsOnly(Outcome.NO_LISTENER);
    }

    @Test
    void aPortThatLeadsNowhereIsInactive() {
        SandboxRow sandbox = sandbox(tcp("0.0.0.0", 8086, 80));
        List<Finding> findings = new ArrayList<>();
        auditor.audit(List.of(sandbox), RowIndex.of(List.of(NETWORK, sandbox)), collecting(findings));
        assertThat(findings).extracting(Finding::exposure).containsExactly(Exposure.INACTIVE);
        assertThat(findings.getFirst().reason()).contains("default route");
    }

    @Test
    void nothingIsLeftOfAProbe() {
        SandboxRow sandbox = sandbox(tcp("0.0.0.0", 8087, 80), udp("0.0.0.0", 8087, 80));
        host.want(rows(sandbox));
        String links = place.run("ip -o link");
        String routes = place.run("ip route show table all");
        String rules = place.run("nft -s list ruleset");
        String connections = place.run("cat /proc/net/nf_conntrack");
        assertThat(audit(sandbox)).hasSize(2);
        assertThat(place.run("ip -o link")).isEqualTo(links).doesNotContain("wf-audit");
        assertThat(place.run("ip route show table all")).isEqualTo(routes);
        assertThat(place.run("nft -s list ruleset")).isEqualTo(rules);
        assertThat(place.run("cat /proc/net/nf_conntrack").lines().filter(line -> line.contains("dport=8087")))
                .isEmpty();
        assertThat(connections).doesNotContain("dport=8087");
    }

    /** As after a crash of a daemon whose namespace somebody held on to. */
    @Test
    void whatAnInterruptedAuditLeftIsTakenAway() {
        place.run("ip link add wf-audit group " + Stranger.GROUP + " type veth peer name other");
        PortAuditor next = NamespaceThreads.call(place.namespace(), PortAuditor::open);
        try (next) {
            assertThat(place.run("ip -o link")).doesNotContain("wf-audit");
        }
    }

    @Test
    void withoutEventsNothingIsClaimed() {
        SandboxRow sandbox = sandbox(tcp("0.0.0.0", 8088, 80));
        host.want(rows(sandbox));
        place.run("sysctl -qw net.netfilter.nf_conntrack_events=0");
        assertThatThrownBy(() -> audit(sandbox))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("nf_conntrack_events");
        place.run("sysctl -qw net.netfilter.nf_conntrack_events=2");
    }
}
