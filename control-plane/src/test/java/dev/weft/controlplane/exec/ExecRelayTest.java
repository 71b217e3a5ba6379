package dev.weft.controlplane.exec;

import static dev.weft.controlplane.state.Fixtures.nodeName;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.weft.api.v1.ExecFailure;
import dev.weft.api.v1.ExecReply;
import dev.weft.api.v1.ExecRequest;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.ExecStart;
import dev.weft.api.v1.ExecStarted;
import dev.weft.controlplane.cluster.NodeRoutes;
import dev.weft.controlplane.distribution.FakeNode;
import dev.weft.controlplane.distribution.NodeStreams;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecRelayTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final SqliteStore store;
    private final NodeStreams streams;
    private final ManagedChannel channel;
    private final FakeNode node;

    ExecRelayTest(@TempDir Path directory) throws Exception {
        store = SqliteStore.open(SqliteStoreConfig.in(directory));
        streams = new NodeStreams(store, relay -> new ExecApi(relay, "full id"));
        channel = channelTo(streams.port());
        node = new FakeNode("a", "192.0.2.1", streams.port(), FakeNode.Behaviour.APPLIES);
    }

    static ManagedChannel channelTo(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /** To the replica that clients ask; the node's stream is at the one of this port. */
    ManagedChannel clients() {
        return channel;
    }

    final int portOfTheStream() {
        return streams.port();
    }

    @BeforeEach
    void theNodeIsThere() {
        node.dial();
        Await.until("in sync", SOON, () -> node.snapshots() == 1);
    }

    @AfterEach
    void close() throws InterruptedException {
        channel.shutdownNow();
        node.close();
        streams.close();
        store.close();
    }

    /** As the API does it: a sandbox called on-NODE is on that node. */
    static final class ExecApi extends ExecServiceGrpc.ExecServiceImplBase {

        private final ExecRelay relay;
        private final String fullId;

        /** @param fullId what a sandbox is called from here on; empty for what it was called by the client */
        ExecApi(ExecRelay relay, String fullId) {
            this.relay = relay;
            this.fullId = fullId;
        }

        @Override
        public StreamObserver<ExecRequest> exec(StreamObserver<ExecReply> replies) {
            return relay.open(
                    start -> {
                        if (!start.getSandbox().startsWith("on-")) {
                            throw Status.NOT_FOUND
                                    .withDescription("no sandbox " + start.getSandbox())
                                    .asRuntimeException();
                        }
                        return new ExecRelay.Destination(
                                nodeName(start.getSandbox().substring(3)),
                                fullId.isEmpty()
                                        ? start
                                        : start.toBuilder().setSandbox(fullId).build());
                    },
                    (ServerCallStreamObserver<ExecReply>) replies);
        }
    }

    /** One end of a call: keeps what comes. */
    static final class End<Q, A> implements ClientResponseObserver<Q, A> {

        private final List<A> received = new ArrayList<>();
        private final boolean reads;
        private Optional<Status> ended = Optional.empty();
        private Optional<Throwable> failure = Optional.empty();
        private Optional<ClientCallStreamObserver<Q>> call = Optional.empty();

        End(boolean reads) {
            this.reads = reads;
        }

        @Override
        public synchronized void beforeStart(ClientCallStreamObserver<Q> requests) {
            call = Optional.of(requests);
            if (!reads) {
                requests.disableAutoRequestWithInitial(0);
            }
        }

        @Override
        public synchronized void onNext(A message) {
            received.add(message);
        }

        @Override
        public synchronized void onError(Throwable thrown) {
            ended = Optional.of(Status.fromThrowable(thrown));
            failure = Optional.of(thrown);
        }

        /** The ErrorInfo's. */
        synchronized String reason() throws InvalidProtocolBufferException {
            com.google.rpc.Status details = Objects.requireNonNull(StatusProto.fromThrowable(failure.orElseThrow()));
            return details.getDetails(0).unpack(ErrorInfo.class).getReason();
        }

        @Override
        public synchronized void onCompleted() {
            ended = Optional.of(Status.OK);
        }

        synchronized List<A> received() {
            return List.copyOf(received);
        }

        synchronized ClientCallStreamObserver<Q> call() {
            return call.orElseThrow();
        }

        Status awaitEnd() {
            Await.until("the call ends", SOON, () -> ended().isPresent());
            return ended().orElseThrow();
        }

        synchronized Optional<Status> ended() {
            return ended;
        }

        void awaitReceived(int count) {
            Await.until(count + " messages", SOON, () -> received().size() >= count);
        }
    }

    final End<ExecRequest, ExecReply> exec(String sandbox, boolean reads) {
        End<ExecRequest, ExecReply> client = new End<>(reads);
        ExecServiceGrpc.newStub(clients()).exec(client);
        client.call().onNext(start(sandbox));
        return client;
    }

    private static ExecRequest start(String sandbox) {
        return ExecRequest.newBuilder()
                .setStart(ExecStart.newBuilder().setSandbox(sandbox).addCommand("cat"))
                .build();
    }

    final End<ExecReply, ExecRequest> dialBack() throws InterruptedException {
        String id =
                Optional.ofNullable(node.openExecs().poll(20, TimeUnit.SECONDS)).orElseThrow();
        End<ExecReply, ExecRequest> command = new End<>(true);
        node.attachExec(id, command);
        return command;
    }

    private static ExecRequest stdin(String text) {
        return ExecRequest.newBuilder().setStdin(ByteString.copyFromUtf8(text)).build();
    }

    private static ExecReply stdout(ByteString bytes) {
        return ExecReply.newBuilder().setStdout(bytes).build();
    }

    @Test
    void bytesGoBothWaysAndTheExitCodeEndsIt() throws Exception {
        End<ExecRequest, ExecReply> client = exec("on-a", true);
        End<ExecReply, ExecRequest> command = dialBack();
        command.call()
                .onNext(ExecReply.newBuilder()
                        .setStarted(ExecStarted.newBuilder().setPid(7))
                        .build());
        client.call().onNext(stdin("hello"));
        client.call().onNext(stdin("world"));
        client.call().onCompleted();
        command.awaitReceived(4);
        assertThat(command.received())
                .containsExactly(
                        start("full id"),
                        stdin("hello"),
                        stdin("world"),
                        ExecRequest.newBuilder().setStdinEof(true).build());
        command.call().onNext(stdout(ByteString.copyFromUtf8("helloworld")));
        command.call().onNext(ExecReply.newBuilder().setExitCode(3).build());
        command.call().onCompleted();

        assertThat(client.awaitEnd()).isEqualTo(Status.OK);
        assertThat(client.received()).hasSize(3);
        assertThat(client.received().getLast().getExitCode()).isEqualTo(3);
        assertThat(command.awaitEnd()).isEqualTo(Status.OK);
    }

    @Test
    void aNodeThatIsNotConnectedIsNamed() {
        Status end = exec("on-b", true).awaitEnd();

        assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(end.getDescription()).contains("node b", "not connected");
    }

    @Test
    void whatTheRouterRefusesIsRefused() {
        Status end = exec("elsewhere", true).awaitEnd();

        assertThat(end.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(end.getDescription()).isEqualTo("no sandbox elsewhere");
    }

    @Test
    void theFirstRequestShouldBeTheStart() {
        End<ExecRequest, ExecReply> client = new End<>(true);
        ExecServiceGrpc.newStub(channel).exec(client);
        client.call().onNext(stdin("too early"));

        assertThat(client.awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @CsvSource({
        "COMMAND_NOT_FOUND, NOT_FOUND, COMMAND_NOT_FOUND",
        "COMMAND_NOT_EXECUTABLE, FAILED_PRECONDITION, COMMAND_NOT_EXECUTABLE",
        "SANDBOX_GONE, FAILED_PRECONDITION, SANDBOX_GONE",
        "OTHER, FAILED_PRECONDITION, EXEC_FAILED",
    })
    void aCommandThatWasNotStartedIsTheCallsError(ExecFailure.Reason reason, Status.Code code, String told)
            throws Exception {
        End<ExecRequest, ExecReply> client = exec("on-a", true);
        End<ExecReply, ExecRequest> command = dialBack();
        command.call()
                .onNext(ExecReply.newBuilder()
                        .setFailure(
                                ExecFailure.newBuilder().setReason(reason).setMessage("cat: not found in the sandbox"))
                        .build());

        Status end = client.awaitEnd();
        assertThat(end.getCode()).isEqualTo(code);
        assertThat(end.getDescription()).isEqualTo("cat: not found in the sandbox");
        assertThat(client.reason()).isEqualTo(told);
    }

    @Test
    void aClientThatGoesAwayEndsTheNodesCall() throws Exception {
        End<ExecRequest, ExecReply> client = exec("on-a", true);
        End<ExecReply, ExecRequest> command = dialBack();
        command.awaitReceived(1);
        client.call().cancel("interrupted", null);

        assertThat(command.awaitEnd().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void aNodeThatDiesEndsTheClientsCall() throws Exception {
        End<ExecRequest, ExecReply> client = exec("on-a", true);
        End<ExecReply, ExecRequest> command = dialBack();
        command.awaitReceived(1);
        command.call().cancel("killed", null);

        Status end = client.awaitEnd();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(end.getDescription()).contains("node a");
    }

    @Test
    void anIdIsGoodForOneCall() throws Exception {
        exec("on-a", true);
        String id =
                Optional.ofNullable(node.openExecs().poll(20, TimeUnit.SECONDS)).orElseThrow();
        End<ExecReply, ExecRequest> first = new End<>(true);
        node.attachExec(id, first);
        first.awaitReceived(1);
        End<ExecReply, ExecRequest> second = new End<>(true);
        node.attachExec(id, second);

        assertThat(second.awaitEnd().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(first.ended()).isEmpty();
    }

    @Test
    void aClientThatDoesNotReadHoldsTheCommandBack() throws Exception {
        End<ExecRequest, ExecReply> client = exec("on-a", false);
        End<ExecReply, ExecRequest> command = dialBack();
        command.awaitReceived(1);
        ByteString chunk = ByteString.copyFrom(new byte[64 * 1024]);
        int sent = 0;
        int quiet = 0;
        while (sent < 4096 && quiet < 100) {
            if (command.call().isReady()) {
                command.call().onNext(stdout(chunk));
                sent++;
                quiet = 0;
            } else {
                quiet++;
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        assertThat(sent).as("64 KiB chunks that fit between the two").isLessThan(512);

        client.call().request(Integer.MAX_VALUE);
        client.awaitReceived(sent);
        Await.until("the command may go on", SOON, () -> command.call().isReady());
    }

    @Test
    void aNodeThatDoesNotDialBackInTimeIsNamed() throws Exception {
        try (DialBackExecRelay relay = new DialBackExecRelay((_, _) -> true, NodeRoutes.NONE, Duration.ofMillis(100))) {
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .addService(new ExecApi(relay, ""))
                    .build()
                    .start();
            ManagedChannel toServer = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                    .usePlaintext()
                    .build();
            End<ExecRequest, ExecReply> client = new End<>(true);
            ExecServiceGrpc.newStub(toServer).exec(client);
            client.call().onNext(start("on-a"));

            Status end = client.awaitEnd();
            assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(end.getDescription()).contains("node a", "did not dial back");
            toServer.shutdownNow();
            server.shutdownNow();
        }
    }
}
