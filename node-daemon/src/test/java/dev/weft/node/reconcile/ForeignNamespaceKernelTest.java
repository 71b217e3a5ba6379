package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.model.Row;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.nativelib.LibC;
import dev.weft.node.netns.NamespaceFiles;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sandbox.SandboxProcesses.SandboxProcess;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Namespaces that others keep: found by path and by process, used, and given back as they were. */
@Tag("kernel")
class ForeignNamespaceKernelTest {

    @RegisterExtension
    final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private TwoHosts hosts;

    private final Deque<Process> processes = new ArrayDeque<>();

    @BeforeEach
    void startHosts() {
        hosts = new TwoHosts(namespaces, directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        hosts.close();
        for (Process process : processes) {
            end(process);
        }
    }

    private static void end(Process process) throws InterruptedException {
        Process unusedSame = process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static SandboxRow at(String id, String path) {
        return new SandboxRow(Rows.id(id), 2, "box-" + id, new SandboxPlace.External(path), "box-" + id);
    }

    private static SandboxRow of(String id, long pid, long startTime) {
        return new SandboxRow(Rows.id(id), 2, "box-" + id, new SandboxPlace.Process(pid, startTime), "box-" + id);
    }

    private static List<Row> rows(SandboxRow foreign) {
        return List.of(
                Rows.bridge("b1", "br-b1", List.of("10.1.0.0/24", "fd00:1::/64")),
                Rows.sandbox("5a"),
                Rows.endpoint("e1", "b1", "5a", "eth0", "10.1.0.2/24", "fd00:1::2/64"),
                foreign,
                Rows.endpoint("e2", "b1", "5f", "eth0", "10.1.0.3/24", "fd00:1::3/64"));
    }

    /** Waits for the daemon to be done with removals of these rows. */
    private void removeAll() {
        hosts.one.want();
    }

    /** A process in a namespace of its own, which has no other name. */
    private Process unnamed() throws IOException {
        Process process = new ProcessBuilder("unshare", "--net", "--", "sleep", "600").start();
        processes.push(process);
        Path namespace = Path.of("/proc/" + process.pid() + "/ns/net");
        hosts.one.await("the process to have a namespace", () -> {
            try {
                return !Files.readSymbolicLink(namespace).equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
            } catch (IOException e) {
                return false;
            }
        });
        return process;
    }

    private static long startTime(Process process) {
        return SandboxProcess.of(process.pid()).orElseThrow().startTime();
    }

    private TestNamespace pinned(NetworkNamespace held) {
        return new TestNamespace(hosts.one.directories.pinned().resolve(Rows.id("5f")), held);
    }

    /** One of theirs, which is what it stays from the first moment on. */
    private static void addLink(TestNamespace namespace, String name) {
        namespace.run("sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
        namespace.run("ip link add " + name + " type veth peer name " + name + "p");
        namespace.run("ip link set " + name + "p up");
        namespace.run("ip link set " + name + " up");
    }

    private static String all(TestNamespace namespace) {
        return namespace.run("ip -o addr")
                + namespace.run("ip -4 route show table all")
                + namespace.run("ip -6 route show table all")
                + namespace.run("ip -o rule");
    }

    @Test
    void whatWasThereBeforeIsThereAfterwards() {
        TestNamespace foreign = namespaces.create("foreign");
        addLink(foreign, "own0");
        foreign.run("ip link set lo up");
        foreign.run("ip addr add 10.7.0.1/24 dev own0");
        foreign.run("ip route add 10.8.0.0/16 via 10.7.0.9");
        String before = all(foreign);

        hosts.one.want(rows(at("5f", foreign.path().toString())));
        foreign.run("ping -c 1 -W 2 10.1.0.2");
        foreign.run("ping -c 1 -W 2 fd00:1::2");
        foreign.run("ping -c 1 -W 2 192.0.2.254");
        assertThat(foreign.run("ip route")).contains("default via 10.1.0.1 dev eth0", "10.8.0.0/16 via 10.7.0.9");
        assertThat(foreign.run("sysctl -n net.ipv6.conf.default.disable_ipv6").strip())
                .as("settings of links to come are not ours")
                .isEqualTo("0");

        removeAll();
        assertThat(all(foreign)).isEqualTo(before);
        TestHost.cannot(foreign, "ping -c 1 -W 1 10.1.0.2");
    }

    @Test
    void whatOthersHaveInTheWayStaysAndIsTold() {
        TestNamespace foreign = namespaces.create("foreign");
        addLink(foreign, "eth0");
        foreign.run("ip addr add 10.7.0.1/24 dev eth0");
        foreign.run("ip route add default via 10.7.0.9");
        String before = all(foreign);
        List<Row> rows = rows(at("5f", foreign.path().toString()));
        hosts.one.offer(rows);
        assertThat(hosts.one.awaitFailure(rows.getLast())).contains("eth0", "is not Weft's", "in the sandbox");
        assertThat(all(foreign)).isEqualTo(before);

        Row other = Rows.endpoint("e2", "b1", "5f", "eth7", "10.1.0.3/24", "fd00:1::3/64");
        hosts.one.offer(List.of(rows.get(0), rows.get(1), rows.get(2), rows.get(3), other));
        assertThat(hosts.one.awaitFailure(other))
                .as("somebody else's default route")
                .contains("EEXIST");
        assertThat(foreign.run("ip -4 route show default")).isEqualTo("default via 10.7.0.9 dev eth0 \n");
        removeAll();
        assertThat(all(foreign)).isEqualTo(before);
    }

    @Test
    void aProcessIsLookedAtOnceAndItsNamespaceHeld() throws Exception {
        Process process = unnamed();
        hosts.one.want(rows(of("5f", process.pid(), startTime(process))));
        try (NetworkNamespace held =
                NetworkNamespace.open(hosts.one.directories.pinned().resolve(Rows.id("5f")))) {
            assertThat(held.id()).isEqualTo(NetworkNamespace.identify(Path.of("/proc/" + process.pid() + "/ns/net")));
            TestNamespace foreign = pinned(held);
            foreign.run("ping -c 1 -W 2 10.1.0.2");

            end(process);
            hosts.one.stop();
            hosts.one.start().awaitAllReady();
            foreign.run("ping -c 1 -W 2 10.1.0.2");
            assertThat(hosts.one.driftRepaired())
                    .as("nothing had to be made anew")
                    .isZero();
            removeAll();
            assertThat(held.id()).as("ours to look at still").isNotNull();
        }
        assertThat(hosts.one.directories.pinned().resolve(Rows.id("5f"))).doesNotExist();
        assertThat(hosts.one.directories.pinRecord(Rows.id("5f"))).doesNotExist();
    }

    @Test
    void theProcessItselfIsLeftAlone() throws Exception {
        Process process = unnamed();
        hosts.one.want(rows(of("5f", process.pid(), 0)));
        removeAll();
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void anotherProcessWithTheNumberIsNotTaken() throws Exception {
        Process process = unnamed();
        SandboxRow reused = of("5f", process.pid(), startTime(process) - 1);
        hosts.one.offer(rows(reused));
        assertThat(hosts.one.awaitFailure(reused)).contains("another one has its number");
        SandboxRow none = of("5e", 4_194_303, 0);
        hosts.one.offer(List.of(none));
        assertThat(hosts.one.awaitFailure(none)).contains("there is no such process");
    }

    @Test
    void afterARebootTheNumberIsNotLookedAtAgain() throws Exception {
        Process process = unnamed();
        SandboxRow row = of("5f", process.pid(), 0);
        hosts.one.want(rows(row));
        hosts.one.stop();
        Path pin = hosts.one.directories.pinned().resolve(Rows.id("5f"));
        LibC.system().unmountLazily(pin);
        Files.delete(pin);
        hosts.one.start();
        assertThat(hosts.one.awaitFailure(row)).contains("is gone", "attach it anew");
    }

    @Test
    void theHostsOwnAndAnotherSandboxesAreRefused() throws Exception {
        SandboxRow host = at("5f", hosts.one.namespace.path().toString());
        hosts.one.offer(List.of(host));
        assertThat(hosts.one.awaitFailure(host)).contains("the host's own", "use the network host");

        Process process = unnamed();
        NamespaceFiles files = namespaces.files();
        try (NetworkNamespace namespace = NetworkNamespace.open(Path.of("/proc/" + process.pid() + "/ns/net"))) {
            Path path = files.keep("second", namespace);
            SandboxRow first = of("50", process.pid(), 0);
            SandboxRow second = at("51", path.toString());
            hosts.one.want(List.of(first));
            hosts.one.offer(List.of(first, second));
            assertThat(hosts.one.awaitFailure(second)).contains("that of sandbox 500000000000 already");
        }
    }

    @Test
    void whatIsNoNetworkNamespaceIsRefused() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        SandboxRow row = at("5f", file.toString());
        hosts.one.offer(List.of(row));
        assertThat(hosts.one.awaitFailure(row)).contains("it is another kind of file");
    }

    @Test
    void oneThatWentAwayIsToldLetGoAndFoundAgain() {
        hosts.one.stop();
        hosts.one.scanEvery(Duration.ofMillis(300));
        hosts.one.start();
        NamespaceFiles files = namespaces.files();
        Path path = files.create("passing");
        List<Row> rows = rows(at("5f", path.toString()));
        hosts.one.want(rows);
        assertThat(hosts.one.namespace.run("ip -o link show master br-b1").lines())
                .hasSize(2);

        assertThat(files.delete("passing")).isTrue();
        assertThat(hosts.one.awaitFailure(rows.get(3))).contains(path.toString(), "ENOENT");
        hosts.one.await(
                "the namespace to end, and the pair with it",
                () -> hosts.one
                                .namespace
                                .run("ip -o link show master br-b1")
                                .lines()
                                .count()
                        == 1);
        hosts.one.sandbox("5a").run("ping -c 1 -W 2 10.1.0.1");

        Path unusedSame = files.create("passing");
        hosts.one.awaitAllReady();
        new TestNamespace(path, hosts.one.namespace.namespace()).run("ping -c 1 -W 2 10.1.0.2");
    }
}
