package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Bandwidth;
import dev.weft.net.BitRate;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NodeProfile;
import dev.weft.node.model.NodeProfile.EgressLimits;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What passes through a limited endpoint, by count, and what becomes of the limit when it is changed or taken away. */
@Tag("kernel")
class BandwidthKernelTest {

    /** A megabyte a second. */
    private static final BitRate RATE = new BitRate(8_000_000);

    private static final long BYTES_PER_SECOND = 1_000_000;

    /** Sends all it can, or counts what comes for as many seconds as it is told to; on one connection all the time. */
    private static final String TOOL = """
            import socket, sys, threading, time
            role, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
            if role == 'receive':
                server = socket.create_server((address, port))
                print('ready', flush=True)
                peer, _ = server.accept()
                total = 0
                def count():
                    global total
                    while True:
                        data = peer.recv(1 << 16)
                        if not data:
                            return
                        total += len(data)
                threading.Thread(target=count, daemon=True).start()
                for line in sys.stdin:
                    before, start = total, time.monotonic()
                    time.sleep(float(line))
                    print(total - before, time.monotonic() - start, flush=True)
            else:
                peer = socket.create_connection((address, port))
                block = bytes(1 << 16)
                print('ready', flush=True)
                while True:
                    peer.sendall(block)
            """;

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private TestNamespace place;

    @SuppressWarnings("NullAway.Init")
    private TestHost host;

    private long revision = 10;

    @BeforeEach
    void startHost() {
        place = namespaces.create("host");
        place.run("ip link set lo up");
        use(EgressLimits.ON_HOST);
    }

    private void use(EgressLimits egressLimits) {
        host = new TestHost(place, directory, new NodeProfile(Optional.empty(), egressLimits)).start();
        want(Bandwidth.UNLIMITED);
    }

    @AfterEach
    void stopHost() {
        processes.forEach(Process::destroyForcibly);
        host.close();
    }

    private void want(Bandwidth bandwidth) {
        NetworkRow network = Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24"));
        EndpointRow endpoint = Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24");
        revision++;
        host.want(
                network,
                Rows.sandbox("5a"),
                new EndpointRow(
                        endpoint.id(),
                        revision,
                        endpoint.networkId(),
                        endpoint.sandboxId(),
                        endpoint.interfaceName(),
                        endpoint.mac(),
                        endpoint.addresses(),
                        endpoint.gateways(),
                        endpoint.aliases(),
                        endpoint.sysctls(),
                        endpoint.names(),
                        endpoint.gatewayPriority(),
                        bandwidth,
                        endpoint.linkLocal()));
    }

    private Process run(TestNamespace where, String role, String address, int port) {
        try {
            Process process = new ProcessBuilder(
                            "nsenter",
                            "--net=" + where.path(),
                            "python3",
                            "-c",
                            TOOL,
                            role,
                            address,
                            String.valueOf(port))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection, from the sender to the receiver. */
    private final class Flow {

        private final BufferedReader answers;
        private final PrintStream commands;

        Flow(TestNamespace from, TestNamespace to, String address) {
            this(from, to, address, 7000);
        }

        Flow(TestNamespace from, TestNamespace to, String address, int port) {
            Process receiver = run(to, "receive", address, port);
            answers = receiver.inputReader(StandardCharsets.US_ASCII);
            commands = new PrintStream(receiver.getOutputStream(), true, StandardCharsets.US_ASCII);
            assertThat(line(answers)).isEqualTo("ready");
            assertThat(line(run(from, "send", address, port).inputReader(StandardCharsets.US_ASCII)))
                    .isEqualTo("ready");
        }

        /** Bytes a second, over about so many seconds. */
        double rate(double seconds) {
            commands.println(seconds);
            String[] words = line(answers).split(" ", -1);
            return Double.parseDouble(words[0]) / Double.parseDouble(words[1]);
        }

        /** What was on its way under the limit before has arrived when this has been counted. */
        double settledRate() {
            double unused = rate(0.5);
            return rate(2);
        }
    }

    private static String line(BufferedReader reader) {
        try {
            return String.valueOf(reader.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Bandwidth ingress(BitRate rate) {
        return new Bandwidth(Optional.of(rate), Optional.empty());
    }

    private static Bandwidth egress(BitRate rate) {
        return new Bandwidth(Optional.empty(), Optional.of(rate));
    }

    /** With room for what a busy machine makes of it. */
    private static void isLimited(double rate) {
        assertThat(rate).isBetween(BYTES_PER_SECOND * 0.3, BYTES_PER_SECOND * 1.5);
    }

    private static void isFree(double rate) {
        assertThat(rate).isGreaterThan(BYTES_PER_SECOND * 5);
    }

    @Test
    void whatComesInIsLimitedWhileAConnectionGoesOn() {
        Flow in = new Flow(place, host.sandbox("5a"), "10.1.0.2");
        isFree(in.settledRate());
        want(ingress(RATE));
        isLimited(in.settledRate());
        // The other way is not.
        Flow out = new Flow(host.sandbox("5a"), place, "10.1.0.1");
        isFree(out.settledRate());
        want(Bandwidth.UNLIMITED);
        isFree(in.settledRate());
    }

    @ParameterizedTest
    @EnumSource
    void whatGoesOutIsLimitedWhileAConnectionGoesOn(EgressLimits egressLimits) {
        host.stop();
        use(egressLimits);
        Flow out = new Flow(host.sandbox("5a"), place, "10.1.0.1");
        isFree(out.settledRate());
        want(egress(RATE));
        isLimited(out.settledRate());
        want(egress(new BitRate(800_000_000)));
        isFree(out.settledRate());
        want(egress(RATE));
        isLimited(out.settledRate());
        want(Bandwidth.UNLIMITED);
        isFree(out.settledRate());
    }

    @Test
    void aLimitThatSomebodyTakesAwayComesBackAtOnce() {
        want(new Bandwidth(Optional.of(RATE), Optional.of(RATE)));
        String veth = Names.veth(Rows.id("e1")).value();
        long repaired = host.driftRepaired();
        place.run("tc qdisc del dev " + veth + " root");
        host.await("the limit of what comes in", () -> limited(place, veth));
        host.await("the repair to be counted", () -> host.driftRepaired() > repaired);
    }

    /** The workload has nothing to take off, and the host's own objects come back. */
    @Test
    void aLimitOnTheHostIsOutOfTheWorkloadsReach() {
        String veth = Names.veth(Rows.id("e1")).value();
        String ifb = Names.ifb(Rows.id("e1")).value();
        Flow out = new Flow(host.sandbox("5a"), place, "10.1.0.1");
        want(egress(RATE));
        isLimited(out.settledRate());
        assertThat(host.sandbox("5a").run("tc qdisc show dev eth0")).doesNotContain("tbf");
        // With a queue of its own it only gets less.
        host.sandbox("5a").run("tc qdisc replace dev eth0 root tbf rate 800mbit burst 1m latency 25ms");
        isLimited(out.settledRate());
        for (String damage : List.of(
                "tc qdisc del dev " + ifb + " root",
                "tc qdisc del dev " + veth + " ingress",
                "tc filter del dev " + veth + " ingress",
                "ip link set " + ifb + " down",
                "ip link del " + ifb)) {
            place.run(damage);
            host.await("the limit after " + damage, () -> isWhole(veth, ifb));
            isLimited(out.settledRate());
        }
        want(Bandwidth.UNLIMITED);
        isFree(new Flow(host.sandbox("5a"), place, "10.1.0.1", 7001).settledRate());
        assertThat(place.run("ip -o link")).doesNotContain(ifb);
        assertThat(place.run("tc qdisc show dev " + veth)).doesNotContain("ingress");
    }

    private String objects() {
        return place.run("ip -o link")
                + place.run("tc qdisc show")
                + place.run("tc filter show dev " + Names.veth(Rows.id("e1")) + " ingress");
    }

    /** What comes back from the other link is still known to have come in by the endpoint's port. */
    @ParameterizedTest
    @EnumSource
    void aLimitedEndpointCannotSendAsAnother(EgressLimits egressLimits) {
        host.stop();
        use(egressLimits);
        want(egress(RATE));
        TestNamespace sandbox = host.sandbox("5a");
        // Not on the link, where it would be taken away again.
        sandbox.run("ip address add 10.1.0.99/32 dev lo");
        sandbox.run("ping -c 1 -W 5 -I 10.1.0.2 10.1.0.1");
        TestHost.cannot(sandbox, "ping -c 1 -W 1 -I 10.1.0.99 10.1.0.1");
    }

    private boolean isWhole(String veth, String ifb) {
        return place.run("ip -o link").contains(ifb)
                && place.run("ip -o link show up").contains(ifb)
                && limited(place, ifb)
                && place.run("tc filter show dev " + veth + " ingress").contains("Egress Redirect to device " + ifb);
    }

    /** A kernel without links of kind ifb: the limit stands in the sandbox. */
    @Test
    void theWorkloadsOwnDisciplineGivesWay() {
        host.stop();
        use(EgressLimits.IN_SANDBOX);
        want(egress(RATE));
        TestNamespace sandbox = host.sandbox("5a");
        sandbox.run("tc qdisc del dev eth0 root");
        host.await("the limit of what goes out", () -> limited(sandbox, "eth0"));
        sandbox.run("tc qdisc replace dev eth0 root handle 1: tbf rate 100mbit burst 100k latency 25ms");
        host.await("the limit of what goes out", () -> limited(sandbox, "eth0"));
        // Where there is no limit, what the workload has is its own business.
        want(Bandwidth.UNLIMITED);
        assertThat(limited(sandbox, "eth0")).isFalse();
        sandbox.run("tc qdisc replace dev eth0 root handle 1: tbf rate 100mbit burst 100k latency 25ms");
        want(ingress(RATE));
        assertThat(sandbox.run("tc qdisc show dev eth0")).contains("tbf 1:", "rate 100Mbit");
    }

    private static boolean limited(TestNamespace where, String link) {
        return where.run("tc qdisc show dev " + link).contains("tbf 7766: root")
                && where.run("tc qdisc show dev " + link).contains("rate 8Mbit");
    }

    @Test
    void aDaemonThatStartsAgainChangesNothing() {
        want(new Bandwidth(Optional.of(RATE), Optional.of(RATE)));
        host.stop();
        String before = objects();
        assertThat(before)
                .contains(
                        "tbf 7766: dev " + Names.ifb(Rows.id("e1")),
                        "tbf 7766: dev " + Names.veth(Rows.id("e1")),
                        "Redirect to device " + Names.ifb(Rows.id("e1")));
        host.start();
        host.awaitAllReady();
        // The handle of a filter's table is another each time one is made.
        assertThat(objects()).isEqualTo(before);
        assertThat(host.driftRepaired()).isZero();
    }
}
