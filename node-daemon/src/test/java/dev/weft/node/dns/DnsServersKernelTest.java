package dev.weft.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.IpAddress;
import dev.weft.node.kernel.DnsSettings;
import dev.weft.node.kernel.KernelObject.Resolver;
import dev.weft.node.kernel.KernelObject.Resolver.WayOut;
import dev.weft.node.model.DesiredState;
import dev.weft.node.model.Row;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.testing.Eventually;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import dev.weft.node.testing.TestNamespaces;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The servers in real namespaces, asked by a client in there. */
@Tag("kernel")
class DnsServersKernelTest {

    private static final String SANDBOX = Rows.id("cc");
    private static final String NETWORK = Rows.id("aa");

    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    @TempDir
    private Path directory;

    private DnsServers servers = new DnsServers(Path.of("/nonexistent"), InstantSource.system());
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void start() {
        servers.close();
        servers = new DnsServers(directory.resolve("resolv.conf"), InstantSource.system());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
        servers.close();
    }

    private TestNamespace sandbox() {
        TestNamespace namespace = namespaces.create("sandbox");
        namespace.run("ip link set lo up");
        return namespace;
    }

    private TestNamespace serving(DnsSettings settings, WayOut wayOut, Row... rows) {
        TestNamespace namespace = sandbox();
        // Served after it is known: what is put in line on the loop goes before a bind.
        servers.replace(DesiredState.of(1, List.of(rows)).rows());
        servers.serve(new Resolver(SANDBOX, List.of(NETWORK), settings, wayOut), namespace.namespace());
        return namespace;
    }

    private static DnsSettings upstream(String... servers) {
        return new DnsSettings(Arrays.stream(servers).map(IpAddress::parse).toList(), List.of(), List.of());
    }

    private static Row[] web(int count) {
        List<Row> rows = new ArrayList<>();
        rows.add(Rows.bridge("aa", "br-aa", List.of("10.1.0.0/16", "fd01::/64")));
        for (int i = 0; i < count; i++) {
            rows.add(Rows.endpoint(
                    "%02d".formatted(i), "aa", "cc", "eth0", "10.1.0." + (i + 2) + "/16", "fd01::" + (i + 2) + "/64"));
        }
        return rows.toArray(Row[]::new);
    }

    private static Messages.Response ask(TestNamespace from, byte[] message) {
        return NamespaceThreads.call(from.namespace(), () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(15_000);
                socket.send(new DatagramPacket(message, message.length, SandboxServer.ADDRESS));
                DatagramPacket reply = new DatagramPacket(new byte[65_535], 65_535);
                socket.receive(reply);
                return Messages.response(Arrays.copyOf(reply.getData(), reply.getLength()));
            }
        });
    }

    private static Messages.Response askByStream(TestNamespace from, byte[] message) {
        return NamespaceThreads.call(from.namespace(), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(SandboxServer.ADDRESS);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(message.length);
                out.write(message);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] reply = new byte[in.readUnsignedShort()];
                in.readFully(reply);
                return Messages.response(reply);
            }
        });
    }

    /** A name server at an address, port 53, of a namespace; counts what it is asked. */
    private AtomicInteger nameServer(TestNamespace namespace, String address, UnaryOperator<byte[]> answer) {
        AtomicInteger asked = new AtomicInteger();
        DatagramChannel channel = NamespaceThreads.call(
                namespace.namespace(),
                () -> DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getByName(address), 53)));
        opened.add(channel);
        Thread unusedServer = Thread.ofPlatform().daemon().start(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            try {
                while (true) {
                    buffer.clear();
                    var sender = channel.receive(buffer);
                    asked.incrementAndGet();
                    byte[] reply = answer.apply(Arrays.copyOf(buffer.array(), buffer.position()));
                    if (reply.length > 0) {
                        int unusedSent = channel.send(ByteBuffer.wrap(reply), sender);
                    }
                }
            } catch (java.nio.channels.ClosedChannelException e) {
                // The test is over.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return asked;
    }

    private static UnaryOperator<byte[]> rcode(int rcode) {
        return query -> {
            byte[] reply = query.clone();
            reply[2] |= (byte) 0x80;
            reply[3] = (byte) (0x80 | rcode);
            return reply;
        };
    }

    @Test
    void namesAreAnsweredByDatagramAndStream() {
        TestNamespace sandbox = serving(DnsSettings.AS_THE_HOST, WayOut.OPEN, web(1));
        Messages.Response response = ask(sandbox, Messages.query(7, "box-cc", Messages.A));
        assertThat(response.id()).isEqualTo(7);
        assertThat(response.answers()).containsExactly("10.1.0.2");
        assertThat(response.flags())
                .as("response, recursion desired and available")
                .isEqualTo(0x8180);
        assertThat(ask(sandbox, Messages.query(8, "BOX-cc", Messages.AAAA)).answers())
                .containsExactly("fd01:0:0:0:0:0:0:2");
        assertThat(askByStream(sandbox, Messages.query(9, "box-cc.net-aa", Messages.A))
                        .answers())
                .containsExactly("10.1.0.2");
        assertThat(ask(sandbox, Messages.query(10, "2.0.1.10.in-addr.arpa", Messages.PTR))
                        .answers())
                .containsExactly("box-cc.net-aa");
    }

    @Test
    void aKnownNameHasNoDataOfOtherTypes() {
        TestNamespace sandbox = serving(DnsSettings.AS_THE_HOST, WayOut.OPEN, web(1));
        Messages.Response response = ask(sandbox, Messages.query(1, "box-cc", Messages.MX));
        assertThat(response.rcode()).isZero();
        assertThat(response.answers()).isEmpty();
    }

    @Test
    void whatDoesNotFitIsCutUnlessTheAskerTakesMore() {
        TestNamespace sandbox = serving(DnsSettings.AS_THE_HOST, WayOut.OPEN, web(60));
        Messages.Response plain = ask(sandbox, Messages.query(1, "box-cc", Messages.A));
        assertThat(plain.truncated()).isTrue();
        assertThat(plain.bytes()).isLessThanOrEqualTo(512);
        assertThat(plain.answers()).hasSizeGreaterThan(20);
        Messages.Response more = ask(sandbox, Messages.withEdns(2, "box-cc", Messages.A, 4096, 0));
        assertThat(more.truncated()).isFalse();
        assertThat(more.answers()).hasSize(60).doesNotHaveDuplicates();
        assertThat(more.additional()).as("its own OPT record").isEqualTo(1);
        assertThat(askByStream(sandbox, Messages.query(3, "box-cc", Messages.A)).answers())
                .hasSize(60);
    }

    @Test
    void anUnknownVersionOfEdnsIsSaidToBeBad() {
        TestNamespace sandbox = serving(DnsSettings.AS_THE_HOST, WayOut.OPEN, web(1));
        Messages.Response response = ask(sandbox, Messages.withEdns(1, "box-cc", Messages.A, 4096, 1));
        assertThat(response.answers()).isEmpty();
        assertThat(response.additional()).isEqualTo(1);
    }

    @Test
    void changesOfRowsShow() {
        TestNamespace sandbox = serving(DnsSettings.AS_THE_HOST, WayOut.CLOSED);
        Eventually.holds("no name", () -> answers(sandbox).isEmpty());
        servers.replace(DesiredState.of(2, List.of(web(1))).rows());
        Eventually.holds("a name", () -> answers(sandbox).equals(List.of("10.1.0.2")));
        servers.replace(DesiredState.of(3, List.of()).rows());
        Eventually.holds("no name any more", () -> answers(sandbox).isEmpty());
    }

    private static List<String> answers(TestNamespace sandbox) {
        return ask(sandbox, Messages.query(1, "box-cc", Messages.A)).answers();
    }

    @Test
    void theUsersServersAreAskedFromInsideAndInTheirOrder() {
        TestNamespace sandbox = serving(upstream("127.0.0.41", "127.0.0.42", "127.0.0.43"), WayOut.CLOSED);
        AtomicInteger failing = nameServer(sandbox, "127.0.0.41", rcode(2));
        AtomicInteger refusing = nameServer(sandbox, "127.0.0.42", rcode(5));
        AtomicInteger denying = nameServer(sandbox, "127.0.0.43", rcode(3));
        assertThat(ask(sandbox, Messages.query(1, "example.org", Messages.A)).rcode())
                .as("that there is no such name is an answer")
                .isEqualTo(3);
        assertThat(List.of(failing.get(), refusing.get(), denying.get())).containsExactly(1, 1, 1);
    }

    @Test
    void aFourthServerIsNotAsked() {
        TestNamespace sandbox = serving(upstream("127.0.0.41", "127.0.0.42", "127.0.0.43", "127.0.0.44"), WayOut.OPEN);
        AtomicInteger fourth = nameServer(sandbox, "127.0.0.44", rcode(0));
        assertThat(ask(sandbox, Messages.query(1, "example.org", Messages.A)).rcode())
                .as("nobody listens at the first three")
                .isEqualTo(2);
        assertThat(fourth.get()).isZero();
    }

    @Test
    void aServerThatIsSilentIsLeftAfterFourSeconds() {
        TestNamespace sandbox = serving(upstream("127.0.0.41", "127.0.0.42"), WayOut.OPEN);
        AtomicInteger silent = nameServer(sandbox, "127.0.0.41", query -> new byte[0]);
        AtomicInteger second = nameServer(sandbox, "127.0.0.42", rcode(3));
        long start = System.nanoTime();
        assertThat(ask(sandbox, Messages.query(1, "example.org", Messages.A)).rcode())
                .isEqualTo(3);
        assertThat(System.nanoTime() - start).isGreaterThan(3_900_000_000L);
        assertThat(List.of(silent.get(), second.get())).containsExactly(1, 1);
    }

    /** A packet that answers something else is not taken for the answer. */
    @Test
    void anAnswerToAnotherQuestionIsPassedOver() {
        TestNamespace sandbox = serving(upstream("127.0.0.41", "127.0.0.42"), WayOut.OPEN);
        nameServer(sandbox, "127.0.0.41", query -> {
            byte[] reply = rcode(0).apply(query);
            reply[13] ^= 1;
            return reply;
        });
        nameServer(sandbox, "127.0.0.42", rcode(3));
        assertThat(ask(sandbox, Messages.query(1, "example.org", Messages.A)).rcode())
                .isEqualTo(3);
    }

    @Test
    void withoutAWayOutTheHostsServersAreNotAsked() throws IOException {
        Files.writeString(directory.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
        TestNamespace sandbox = serving(DnsSettings.AS_THE_HOST, WayOut.CLOSED);
        AtomicInteger inside = nameServer(sandbox, "127.0.0.1", rcode(0));
        assertThat(ask(sandbox, Messages.query(1, "example.org", Messages.A)).rcode())
                .isEqualTo(2);
        assertThat(inside.get())
                .as("what is at that address inside is another server")
                .isZero();
    }

    @Test
    void whoeverSetsNdotsKeepsNamesWithoutADotToHimself() {
        TestNamespace sandbox = serving(
                new DnsSettings(List.of(IpAddress.parse("127.0.0.41")), List.of(), List.of("ndots:1")), WayOut.OPEN);
        AtomicInteger asked = nameServer(sandbox, "127.0.0.41", rcode(3));
        Messages.Response single = ask(sandbox, Messages.query(1, "intranet", Messages.A));
        assertThat(single.rcode()).isZero();
        assertThat(single.answers()).isEmpty();
        assertThat(asked.get()).isZero();
        assertThat(ask(sandbox, Messages.query(1, "intranet.example", Messages.A))
                        .rcode())
                .isEqualTo(3);
    }

    @Test
    void whatIsBeyondTheBoundIsRefusedAndTheRestStillAnswered() {
        TestNamespace sandbox = serving(upstream("127.0.0.41"), WayOut.OPEN, web(1));
        nameServer(sandbox, "127.0.0.41", query -> new byte[0]);
        boolean refused = NamespaceThreads.call(sandbox.namespace(), () -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(1);
                DatagramPacket reply = new DatagramPacket(new byte[512], 512);
                for (int i = 0; i < 20_000; i++) {
                    byte[] message = Messages.query(i, "example.org", Messages.A);
                    socket.send(new DatagramPacket(message, message.length, SandboxServer.ADDRESS));
                    try {
                        // Nothing else is answered within the four seconds that a silent server has.
                        while (i >= Forwarder.MAX_QUERIES) {
                            socket.receive(reply);
                            if ((reply.getData()[3] & 0xf) == 5) {
                                return true;
                            }
                        }
                    } catch (SocketTimeoutException e) {
                        // One more, then.
                    }
                }
                return false;
            }
        });
        assertThat(refused).isTrue();
        assertThat(ask(sandbox, Messages.query(1, "box-cc", Messages.A)).answers())
                .hasSize(1);
    }

    @Test
    void strangeInputEndsNothing() {
        TestNamespace sandbox = serving(DnsSettings.AS_THE_HOST, WayOut.CLOSED, web(1));
        NamespaceThreads.run(sandbox.namespace(), () -> {
            try (DatagramSocket socket = new DatagramSocket();
                    Socket stream = new Socket()) {
                for (int length = 0; length < 200; length++) {
                    byte[] noise = new byte[length];
                    Arrays.fill(noise, (byte) length);
                    socket.send(new DatagramPacket(noise, length, SandboxServer.ADDRESS));
                }
                stream.connect(SandboxServer.ADDRESS);
                stream.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3});
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(ask(sandbox, Messages.query(1, "box-cc", Messages.A)).answers())
                .hasSize(1);
        assertThat(askByStream(sandbox, Messages.query(1, "box-cc", Messages.A)).answers())
                .hasSize(1);
    }

    @Test
    void aPortThatAProgramInsideHasIsSaid() {
        TestNamespace sandbox = sandbox();
        nameServer(sandbox, "0.0.0.0", query -> new byte[0]);
        Resolver resolver = new Resolver(SANDBOX, List.of(NETWORK), DnsSettings.AS_THE_HOST, WayOut.OPEN);
        assertThatThrownBy(() -> servers.serve(resolver, sandbox.namespace()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("127.0.0.11 port 53/udp")
                .hasMessageContaining("a program in it");
        assertThat(servers.serving(SANDBOX)).isEmpty();
    }

    @Test
    void stoppedAndStartedAgainItHasThePortAgain() {
        TestNamespace sandbox = serving(DnsSettings.AS_THE_HOST, WayOut.CLOSED, web(1));
        Resolver resolver = servers.serving(SANDBOX).orElseThrow();
        for (int i = 0; i < 20; i++) {
            servers.stop(SANDBOX);
            servers.serve(resolver, sandbox.namespace());
            assertThat(ask(sandbox, Messages.query(1, "box-cc", Messages.A)).answers())
                    .hasSize(1);
        }
    }
}
