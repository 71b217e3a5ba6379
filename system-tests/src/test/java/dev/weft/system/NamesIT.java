package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.Shell;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Names inside sandboxes, as programs there look them up: with the C library's resolver. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamesIT {

    private final Cluster cluster = new Cluster(Cluster.spec("na").withHosts(2));
    private final LabHost one = cluster.host(1);
    private final LabHost two = cluster.host(2);
    private final AtomicInteger upstreamAsked = new AtomicInteger();
    private DatagramChannel upstream = upstream();
    private Cluster.Workload a;
    private Cluster.Workload b;

    /** Answers every query with 203.0.113.7, in the world outside the hosts. */
    private DatagramChannel upstream() {
        try (NetworkNamespace outside = NetworkNamespace.open(
                Path.of("/run/netns").resolve(cluster.lab().outside().namespace()))) {
            DatagramChannel channel = NamespaceThreads.call(
                    outside, () -> DatagramChannel.open().bind(new InetSocketAddress(dev.weft.lab.Lab.INTERNET, 53)));
            Thread unusedServer = Thread.ofPlatform().daemon().start(() -> answer(channel));
            return channel;
        }
    }

    private void answer(DatagramChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            while (true) {
                SocketAddress sender = channel.receive(buffer.clear());
                upstreamAsked.incrementAndGet();
                int end = 12;
                while (buffer.get(end) != 0) {
                    end += 1 + buffer.get(end);
                }
                boolean ipv4 = buffer.getShort(end + 1) == 1;
                buffer.position(end + 5);
                buffer.putShort(2, (short) 0x8180)
                        .putShort(6, (short) (ipv4 ? 1 : 0))
                        .putShort(10, (short) 0);
                if (ipv4) {
                    buffer.putInt(0xc00c0001)
                            .putInt(0x00010000)
                            .putInt(0x003c0004)
                            .put(new byte[] {(byte) 203, 0, 113, 7});
                }
                int unusedSent = channel.send(buffer.flip(), sender);
            }
        } catch (ClosedChannelException e) {
            // The tests are over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    void anOverlayWithASandboxOnEachHost() {
        cluster.weft(
                one,
                "network",
                "create",
                "-d",
                "overlay",
                "--ipv6",
                "--subnet",
                "10.41.0.0/24",
                "--subnet",
                "fd41::/64",
                "web");
        a = cluster.sandbox(one, "a", "--network", "web");
        b = cluster.sandbox(two, "b", "--network", "web", "--network-alias", "backend", "--hostname", "b-host");
    }

    @AfterAll
    void down() throws IOException {
        upstream.close();
        cluster.close();
    }

    private Shell.Result getent(Cluster.Workload from, String database, String name) {
        return from.host().weft("exec", from.name(), "getent", database, name);
    }

    /** The addresses of a family that a name has, as a program in the sandbox finds them. */
    private List<String> resolve(Cluster.Workload from, String database, String name) {
        return getent(from, database, name)
                .stdout()
                .lines()
                .filter(line -> line.contains("STREAM"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .distinct()
                .toList();
    }

    private List<String> ipv4(Cluster.Workload from, String name) {
        return resolve(from, "ahostsv4", name);
    }

    private void awaitAddress(Cluster.Workload from, String name, String address) {
        Await.until(
                from.name() + " to find " + name,
                Cluster.PATIENCE,
                () -> ipv4(from, name).equals(List.of(address)));
    }

    @Test
    void aSandboxOfAnotherHostIsFoundByEachOfItsNames() {
        for (String name : List.of("b", "B", "backend", b.id().substring(0, 12), "b-host", "b.web")) {
            awaitAddress(a, name, b.ipv4());
        }
        awaitAddress(b, "a", a.ipv4());
        assertThat(resolve(a, "ahostsv6", "b")).containsExactly(b.ipv6());
        assertThat(getent(a, "hosts", b.ipv4()).orThrow()).contains("b.web");
        assertThat(getent(a, "hosts", b.ipv6()).orThrow()).contains("b.web");
        assertThat(getent(a, "hosts", "nobody").succeeded()).isFalse();
    }

    @Test
    void aRenameShowsOnEveryHostAndTheOldNameIsNobodys() {
        // With ndots a name without a dot is nobody else's business: that it is unknown is said at once.
        Cluster.Workload here = cluster.sandbox(one, "here", "--network", "web", "--dns-option", "ndots:1");
        Cluster.Workload there = cluster.sandbox(two, "there", "--network", "web", "--dns-option", "ndots:1");
        Cluster.Workload before = cluster.sandbox(two, "before", "--network", "web", "--network-alias", "stays");
        String address = before.ipv4();
        awaitAddress(here, "before", address);
        awaitAddress(there, "before", address);
        assertThat(cluster.refused(one, "sandbox", "rename", "before", "a"))
                .contains("new_name", "is already in use by sandbox " + a.id());

        cluster.weft(one, "sandbox", "rename", "before", "after");
        for (Cluster.Workload from : List.of(here, there)) {
            awaitAddress(from, "after", address);
            awaitAddress(from, "after.web", address);
            awaitAddress(from, "stays", address);
            Await.until(
                    from.name() + " to forget the old name",
                    Cluster.PATIENCE,
                    () -> !getent(from, "hosts", "before").succeeded());
            assertThat(getent(from, "hosts", address).orThrow()).contains("after.web");
        }
        assertThat(cluster.weft(two, "exec", "after", "hostname"))
                .isEqualTo(before.id().substring(0, 12));
        Cluster.Workload successor = cluster.sandbox(one, "before", "--network", "web");
        awaitAddress(there, "before", successor.ipv4());
        cluster.weft(one, "sandbox", "rm", "here", "there", "after", "before");
    }

    @Test
    void theFilesInsideSayWhoIsAsked() {
        assertThat(cluster.weft(one, "exec", "a", "cat", "/etc/resolv.conf"))
                .startsWith("nameserver 127.0.0.11\n")
                .contains("ndots:0");
        assertThat(cluster.weft(one, "exec", "a", "cat", "/etc/hosts")).contains(a.ipv4());
    }

    @Test
    void namesAreAnsweredByStreamAndWithEdnsAlike() {
        Cluster.Workload client =
                cluster.sandbox(one, "client", "--network", "web", "--dns-option", "use-vc", "--dns-option", "edns0");
        awaitAddress(client, "b", b.ipv4());
        cluster.weft(one, "sandbox", "rm", "client");
    }

    @Test
    void oneHearsOfConnectAndDisconnectOnEveryHost() {
        // With ndots a name without a dot is nobody else's business: that it is unknown is said at once.
        Cluster.Workload listener = cluster.sandbox(one, "listener", "--network", "web", "--dns-option", "ndots:1");
        Cluster.Workload late = cluster.sandbox(two, "late", "--network", "none");
        cluster.weft(two, "network", "disconnect", "none", "late");
        for (int round = 0; round < 3; round++) {
            // The command returns when the endpoint stands; by then the other host knows, or very soon.
            cluster.weft(two, "network", "connect", "--alias", "comes-and-goes", "web", "late");
            Await.until(
                    "the name to come", Cluster.PATIENCE, () -> NameQuery.exists(one, listener.id(), "comes-and-goes"));
            cluster.weft(two, "network", "disconnect", "web", "late");
            Await.until(
                    "the name to go", Cluster.PATIENCE, () -> !NameQuery.exists(one, listener.id(), "comes-and-goes"));
        }
        cluster.weft(two, "sandbox", "rm", late.name(), listener.name());
    }

    @Test
    void aSandboxSeesTheNamesOfItsOwnNetworksOnly() {
        cluster.weft(one, "network", "create", "red");
        cluster.weft(one, "network", "create", "blue");
        Cluster.Workload red = cluster.sandbox(one, "red1", "--network", "red");
        Cluster.Workload blue = cluster.sandbox(one, "blue1", "--network", "blue");
        Cluster.Workload both = cluster.sandbox(one, "both", "--network", "red", "--network", "blue");
        awaitAddress(both, "red1", red.ipv4());
        awaitAddress(both, "blue1", blue.ipv4());
        for (String name : List.of("blue1", "blue1.blue", "a", "b", "backend")) {
            assertThat(NameQuery.exists(one, red.id(), name))
                    .as("red1 knows %s", name)
                    .isFalse();
        }
        cluster.weft(one, "network", "disconnect", "blue", "both");
        Await.until(
                "the names of a network that was left to go",
                Cluster.PATIENCE,
                () -> !NameQuery.exists(one, both.id(), "blue1"));
        cluster.weft(one, "sandbox", "rm", "red1", "blue1", "both");
        cluster.weft(one, "network", "rm", "red", "blue");
    }

    @Test
    void onTheDefaultBridgeThereAreNoNames() {
        Cluster.Workload first = cluster.sandbox(one, "first");
        cluster.sandbox(one, "second");
        assertThat(cluster.weft(one, "exec", "first", "cat", "/etc/resolv.conf"))
                .doesNotContain("127.0.0.11");
        assertThat(first.exec("ss", "-Hlnu").stdout()).doesNotContain("127.0.0.11");
        // Until it is on a network with names too.
        cluster.weft(one, "network", "connect", "web", "first");
        awaitAddress(first, "b", b.ipv4());
        assertThat(NameQuery.exists(one, first.id(), "second")).isFalse();
        cluster.weft(one, "network", "disconnect", "web", "first");
        Await.until(
                "the server to go",
                Cluster.PATIENCE,
                () -> !first.exec("ss", "-Hlnu").stdout().contains("127.0.0.11"));
        cluster.weft(one, "sandbox", "rm", "first", "second");
    }

    @Test
    void otherNamesAreAskedOfTheUsersServersUnlessTheNetworkIsInternal() {
        cluster.weft(one, "network", "create", "--internal", "closed");
        Cluster.Workload open = cluster.sandbox(one, "open", "--network", "web", "--dns", dev.weft.lab.Lab.INTERNET);
        Cluster.Workload closed =
                cluster.sandbox(one, "shut", "--network", "closed", "--dns", dev.weft.lab.Lab.INTERNET);
        awaitAddress(open, "www.example.org", "203.0.113.7");
        int before = upstreamAsked.get();
        assertThat(NameQuery.exists(one, closed.id(), "www.example.org")).isFalse();
        assertThat(NameQuery.exists(one, closed.id(), "shut"))
                .as("its own network's names it knows")
                .isTrue();
        assertThat(NameQuery.exists(one, open.id(), "b")).isTrue();
        assertThat(upstreamAsked.get()).as("queries that got out").isEqualTo(before);
        cluster.weft(one, "sandbox", "rm", "open", "shut");
        cluster.weft(one, "network", "rm", "closed");
    }

    @Test
    void whatTheUserSaysStandsInTheFilesAndInInspect() {
        cluster.sandbox(
                one,
                "said",
                "--network",
                "web",
                "--dns",
                "192.0.2.53",
                "--dns-search",
                "corp.example",
                "--dns-option",
                "ndots:2",
                "--add-host",
                "printer:192.0.2.9",
                "--add-host",
                "me:host-gateway",
                "--add-host",
                "six=2001:db8::9");
        assertThat(cluster.weft(one, "exec", "said", "cat", "/etc/resolv.conf"))
                .isEqualTo("nameserver 127.0.0.11\nsearch corp.example\noptions ndots:2");
        assertThat(cluster.weft(one, "exec", "said", "cat", "/etc/hosts"))
                .contains("192.0.2.9\tprinter", "172.17.0.1\tme", "2001:db8::9\tsix");
        assertThat(cluster.weft(one, "sandbox", "inspect", "said"))
                .contains("\"192.0.2.53\"", "\"corp.example\"", "\"ndots:2\"", "\"printer:192.0.2.9\"");
        cluster.weft(one, "sandbox", "rm", "said");
        assertThat(cluster.refused(one, "run", "-d", "--dns", "dns.example.org", "--network", "web"))
                .contains("dns.example.org is not an ip address");
        assertThat(cluster.refused(one, "run", "-d", "--add-host", "printer", "--network", "web"))
                .contains("bad format for add-host");
    }

    @Test
    void namesOutliveTheControlPlaneAndComeBackWithTheDaemon() {
        awaitAddress(a, "b", b.ipv4());
        cluster.lab().controlPlane().kill();
        cluster.lab().daemon(one).kill();
        assertThat(NameQuery.exists(one, a.id(), "b"))
                .as("while the daemon is dead nobody answers")
                .isFalse();
        cluster.lab().daemon(one).launchAgain();
        Await.until("names from the checkpoint", Duration.ofSeconds(15), () -> NameQuery.exists(one, a.id(), "b"));
        cluster.lab().controlPlane().restart();
        Await.until(
                "the control plane to be back",
                Duration.ofSeconds(20),
                () -> two.weft("network", "ls").succeeded());
    }
}
