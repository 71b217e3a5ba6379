package dev.weft.node.sync;

import static dev.weft.node.sync.WireRows.peer;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import dev.weft.node.model.DesiredState;
import dev.weft.node.reconcile.DesiredUpdate;
import dev.weft.node.testing.Eventually;
import dev.weft.node.v1.AuditPorts;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Delta;
import dev.weft.node.v1.Hello;
import dev.weft.node.v1.InSync;
import dev.weft.node.v1.NodeMessage;
import dev.weft.node.v1.NodeSyncServiceGrpc;
import dev.weft.node.v1.OpenExec;
import dev.weft.node.v1.Report;
import dev.weft.node.v1.Row;
import dev.weft.node.v1.SnapshotChunk;
import dev.weft.node.v1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The node's half of the stream, against a control plane that says what the test wants, over a real connection. */
class ControlPlaneClientTest extends NodeSyncServiceGrpc.NodeSyncServiceImplBase {

    /** A stream as the control plane sees it. */
    private record Stream(StreamObserver<ControlMessage> replies, BlockingQueue<NodeMessage> said) {

        void say(ControlMessage.Builder message) {
            replies.onNext(message.build());
        }

        void welcome(long epoch) {
            say(ControlMessage.newBuilder().setWelcome(Welcome.newBuilder().setEpoch(epoch)));
        }

        void snapshot(long revision, Row... rows) {
            say(ControlMessage.newBuilder()
                    .setSnapshot(SnapshotChunk.newBuilder().addAllRows(List.of(rows))));
            say(ControlMessage.newBuilder().setInSync(InSync.newBuilder().setRevision(revision)));
        }

        NodeMessage hear() throws InterruptedException {
            return Objects.requireNonNull(said.poll(10, TimeUnit.SECONDS), "the node said nothing");
        }
    }

    private final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
    private final BlockingQueue<DesiredUpdate> updates = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> epochs = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> execs = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> audits = new LinkedBlockingQueue<>();
    private final DesiredStateCache cache = new DesiredStateCache();

    /** So many hellos cannot be made. */
    private final AtomicInteger failuresToCome = new AtomicInteger();

    private Server server = newServer(0);
    private ManagedChannel channel = newChannel(1);
    private ControlPlaneClient client = newClient();

    @Override
    public StreamObserver<NodeMessage> sync(StreamObserver<ControlMessage> replies) {
        Stream stream = new Stream(replies, new LinkedBlockingQueue<>());
        streams.add(stream);
        return new StreamObserver<>() {
            @Override
            public void onNext(NodeMessage message) {
                stream.said().add(message);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                replies.onCompleted();
            }
        };
    }

    private Server newServer(int port) {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(this)
                .build();
    }

    private static ManagedChannel newChannel(int port) {
        return NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .build();
    }

    private ControlPlaneClient newClient() {
        return new ControlPlaneClient(
                channel,
                "the test",
                cache,
                () -> {
                    if (failuresToCome.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new IllegalStateException("the kernel said nothing of this host");
                    }
                    return Hello.newBuilder()
                            .setNode("n1")
                            .setCachedRevision(cache.revision())
                            .build();
                },
                new ControlPlaneClient.Events() {
                    @Override
                    public void desired(DesiredUpdate update) {
                        updates.add(update);
                    }

                    @Override
                    public void connected(long epoch) {
                        epochs.add(epoch);
                    }

                    @Override
                    public void openExec(String execId) {
                        execs.add(execId);
                    }

                    @Override
                    public void auditPorts(AuditPorts request) {
                        audits.add(request.getAuditId());
                    }
                },
                () -> {});
    }

    @BeforeEach
    void start() throws IOException {
        server.start();
        channel.shutdownNow();
        channel = newChannel(server.getPort());
        client = newClient();
        client.start();
    }

    @AfterEach
    void stop() {
        client.close();
        channel.shutdownNow();
        server.shutdownNow();
    }

    private Stream nextStream() throws InterruptedException {
        return Objects.requireNonNull(streams.poll(10, TimeUnit.SECONDS), "the node did not dial");
    }

    private DesiredState nextUpdate() throws InterruptedException {
        var unusedUpdate = Objects.requireNonNull(updates.poll(10, TimeUnit.SECONDS), "nothing was passed on");
        return cache.state();
    }

    private static Report report(long revision) {
        return Report.newBuilder().setAppliedRevision(revision).build();
    }

    @Test
    void itSaysHelloFirstAndReportsOnceWelcome() throws InterruptedException {
        Stream stream = nextStream();
        assertThat(stream.hear().getHello().getNode()).isEqualTo("n1");
        assertThat(client.send(report(1))).as("not accepted yet").isFalse();
        stream.welcome(7);
        assertThat(epochs.poll(10, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(client.send(report(2))).isTrue();
        assertThat(stream.hear().getReport().getAppliedRevision()).isEqualTo(2);
    }

    @Test
    void aHelloThatCannotBeMadeIsTriedAgain() throws InterruptedException {
        Stream first = nextStream();
        first.welcome(1);
        assertThat(epochs.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        failuresToCome.set(2);
        first.replies().onCompleted();
        Stream stream = nextStream();
        assertThat(failuresToCome).as("hellos that failed before").hasValue(0);
        assertThat(stream.hear().getHello().getNode()).isEqualTo("n1");
    }

    @Test
    void snapshotAndDeltasArePassedOnAsTheyAreComplete() throws InterruptedException {
        Stream stream = nextStream();
        stream.welcome(1);
        stream.snapshot(5, peer("a1", "01"));
        assertThat(nextUpdate().revision()).isEqualTo(5);
        Delta.Builder part =
                Delta.newBuilder().setRevision(6).addUpdates(peer("a2", "01")).setMoreFollows(true);
        stream.say(ControlMessage.newBuilder().setDelta(part));
        stream.say(ControlMessage.newBuilder().setDelta(Delta.newBuilder().setRevision(6)));
        DesiredState state = nextUpdate();
        assertThat(state.revision()).isEqualTo(6);
        assertThat(state.rows()).hasSize(2);
        assertThat(updates).isEmpty();
    }

    @Test
    void aStreamThatEndsIsDialledAgainWithWhatIsKnown() throws InterruptedException {
        Stream first = nextStream();
        first.welcome(1);
        first.snapshot(5, peer("a1", "01"));
        assertThat(nextUpdate().revision()).isEqualTo(5);
        first.replies()
                .onError(Status.UNAVAILABLE.withDescription("moving away").asRuntimeException());
        Stream second = nextStream();
        assertThat(second.hear().getHello().getCachedRevision()).isEqualTo(5);
        assertThat(client.send(report(5))).as("not accepted on the new stream").isFalse();
        assertThat(cache.isInSync()).isFalse();
        assertThat(cache.contents().rows()).hasSize(1);
        second.welcome(2);
        second.snapshot(9);
        assertThat(nextUpdate().rows()).isEmpty();
        assertThat(epochs).containsExactly(1L, 2L);
        second.replies().onCompleted();
        assertThat(nextStream().hear().hasHello()).isTrue();
    }

    @Test
    void whatWasBuiltIsTakenDownOnlyIfTheNodeWasRemoved() throws InterruptedException {
        Stream first = nextStream();
        first.welcome(1);
        first.snapshot(5, peer("a1", "01"));
        assertThat(nextUpdate().rows()).hasSize(1);
        first.replies().onError(refusal("NO_IDENTITY"));
        Stream second = nextStream();
        assertThat(updates).isEmpty();
        assertThat(cache.contents().rows()).hasSize(1);

        second.replies().onError(refusal("NODE_REMOVED"));
        Stream third = nextStream();
        assertThat(nextUpdate()).isEqualTo(DesiredState.EMPTY);
        assertThat(third.hear().getHello().getCachedRevision()).isZero();
        third.replies().onError(refusal("NODE_REMOVED"));

        // Until somebody lets it join anew.
        Stream fourth = nextStream();
        fourth.welcome(1);
        fourth.snapshot(9, peer("a2", "02"));
        assertThat(nextUpdate().rows()).hasSize(1);
        assertThat(updates).isEmpty();
    }

    private static StatusRuntimeException refusal(String reason) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(Code.UNAUTHENTICATED_VALUE)
                .setMessage("the test refuses")
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("weft.dev")
                        .setReason(reason)
                        .build()))
                .build());
    }

    @Test
    void aControlPlaneThatIsAwayIsFoundWhenItIsBack() throws Exception {
        nextStream().welcome(1);
        int port = server.getPort();
        server.shutdownNow();
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        Eventually.holds("the loss is seen", () -> !client.send(report(1)));
        server = newServer(port).start();
        Stream stream = nextStream();
        assertThat(stream.hear().hasHello()).isTrue();
    }

    @Test
    void aDeltaWithoutItsSnapshotEndsTheStreamNotTheClient() throws InterruptedException {
        Stream stream = nextStream();
        stream.welcome(1);
        stream.say(ControlMessage.newBuilder().setDelta(Delta.newBuilder().setRevision(6)));
        assertThat(nextStream().hear().hasHello()).isTrue();
        assertThat(updates).isEmpty();
    }

    @Test
    void commandsAndMessagesOfANewerControlPlane() throws InterruptedException {
        Stream stream = nextStream();
        stream.welcome(1);
        stream.say(ControlMessage.newBuilder());
        stream.say(ControlMessage.newBuilder().setOpenExec(OpenExec.newBuilder().setExecId("e1")));
        assertThat(execs.poll(10, TimeUnit.SECONDS)).isEqualTo("e1");
        stream.say(ControlMessage.newBuilder()
                .setAuditPorts(AuditPorts.newBuilder().setAuditId("a1")));
        assertThat(audits.poll(10, TimeUnit.SECONDS)).isEqualTo("a1");
    }

    @Test
    void closingEndsTheStreamAndDialsNoMore() throws InterruptedException {
        nextStream().welcome(1);
        client.close();
        assertThat(client.send(report(1))).isFalse();
        assertThat(streams.poll(600, TimeUnit.MILLISECONDS)).isNull();
    }
}
