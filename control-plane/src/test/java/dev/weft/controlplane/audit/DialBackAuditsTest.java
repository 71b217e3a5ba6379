package dev.weft.controlplane.audit;

import static dev.weft.controlplane.state.Fixtures.sandboxId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.AuditPortsReply;
import dev.weft.api.v1.AuditPortsRequest;
import dev.weft.api.v1.AuditProgress;
import dev.weft.api.v1.PortAuditServiceGrpc;
import dev.weft.api.v1.PortExposure;
import dev.weft.api.v1.PortFinding;
import dev.weft.controlplane.distribution.FakeNode;
import dev.weft.controlplane.distribution.NodeStreams;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.node.v1.AuditPorts;
import dev.weft.node.v1.AuditReceived;
import dev.weft.node.v1.AuditReport;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DialBackAuditsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** Nothing besides audits is asked for here. */
    private static final BindableService NO_API =
            () -> ServerServiceDefinition.builder("none").build();

    private final SqliteStore store;
    private final NodeStreams streams;
    private final ManagedChannel channel;
    private final FakeNode a;
    private final FakeNode b;

    DialBackAuditsTest(@TempDir Path directory) throws Exception {
        store = SqliteStore.open(SqliteStoreConfig.in(directory));
        streams = new NodeStreams(store, _ -> NO_API);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", streams.port())
                .usePlaintext()
                .build();
        a = new FakeNode("a", "192.0.2.1", streams.port(), FakeNode.Behaviour.APPLIES);
        b = new FakeNode("b", "192.0.2.2", streams.port(), FakeNode.Behaviour.APPLIES);
    }

    @BeforeEach
    void theNodesAreThere() {
        a.dial();
        b.dial();
        Await.until("in sync", SOON, () -> a.snapshots() == 1 && b.snapshots() == 1);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        a.close();
        b.close();
        streams.close();
        store.close();
    }

    private static final class Client implements ClientResponseObserver<AuditPortsRequest, AuditPortsReply> {

        private final List<AuditPortsReply> received = new ArrayList<>();
        private Optional<Status> ended = Optional.empty();
        private Optional<ClientCallStreamObserver<AuditPortsRequest>> call = Optional.empty();

        @Override
        public synchronized void beforeStart(ClientCallStreamObserver<AuditPortsRequest> requests) {
            call = Optional.of(requests);
        }

        @Override
        public synchronized void onNext(AuditPortsReply reply) {
            received.add(reply);
        }

        @Override
        public synchronized void onError(Throwable failure) {
            ended = Optional.of(Status.fromThrowable(failure));
        }

        @Override
        public synchronized void onCompleted() {
            ended = Optional.of(Status.OK);
        }

        synchronized List<AuditPortsReply> received() {
            return List.copyOf(received);
        }

        synchronized Optional<Status> ended() {
            return ended;
        }

        synchronized void cancel() {
            call.orElseThrow().cancel("interrupted", null);
        }

        void awaitReceived(int count) {
            Await.until(count + " replies", SOON, () -> received().size() >= count);
        }

        Status awaitEnd() {
            Await.until("the call ends", SOON, () -> ended().isPresent());
            return ended().orElseThrow();
        }
    }

    /** The node's side of a dial-back: how the control plane ended it. */
    private static final class End implements StreamObserver<AuditReceived> {

        private Optional<Status> ended = Optional.empty();

        @Override
        public void onNext(AuditReceived received) {
            // The end says the same.
        }

        @Override
        public synchronized void onError(Throwable failure) {
            ended = Optional.of(Status.fromThrowable(failure));
        }

        @Override
        public synchronized void onCompleted() {
            ended = Optional.of(Status.OK);
        }

        synchronized Optional<Status> ended() {
            return ended;
        }

        Status await() {
            Await.until("the control plane ends the call", SOON, () -> ended().isPresent());
            return ended().orElseThrow();
        }
    }

    private Client audit(String nodes) {
        Client client = new Client();
        PortAuditServiceGrpc.newStub(channel)
                .auditPorts(AuditPortsRequest.newBuilder().setNode(nodes).build(), client);
        return client;
    }

    private static AuditPorts asked(FakeNode node) throws InterruptedException {
        return Optional.ofNullable(node.auditPorts().poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    private static AuditReport begin(AuditPorts request) {
        return AuditReport.newBuilder()
                .setAuditId(request.getAuditId())
                .setProgress(AuditProgress.newBuilder().setTotalPorts(1))
                .build();
    }

    private static AuditReport finding(String sandbox) {
        return AuditReport.newBuilder()
                .setFinding(PortFinding.newBuilder()
                        .setSandboxName(sandbox)
                        .setExposure(PortExposure.PORT_EXPOSURE_AS_BOUND))
                .build();
    }

    @Test
    void eachNodeIsAskedForItsSandboxesAndWhatAllTellIsTold() throws Exception {
        Client client = audit("a,b");
        AuditPorts toA = asked(a);
        AuditPorts toB = asked(b);
        assertThat(toA.getSandboxIdsList()).containsExactly(sandboxId("on-a").value());
        assertThat(toB.getSandboxIdsList()).containsExactly(sandboxId("on-b").value());
        assertThat(toA.getAuditId()).isNotEqualTo(toB.getAuditId());
        End endA = new End();
        End endB = new End();
        StreamObserver<AuditReport> fromA = a.attachAudit(endA);
        StreamObserver<AuditReport> fromB = b.attachAudit(endB);
        fromA.onNext(begin(toA));
        fromA.onNext(finding("one"));
        fromA.onCompleted();
        assertThat(endA.await()).isEqualTo(Status.OK);
        assertThat(client.ended()).as("while b has not told all").isEmpty();
        fromB.onNext(begin(toB));
        fromB.onNext(finding("two"));
        fromB.onCompleted();

        assertThat(client.awaitEnd()).isEqualTo(Status.OK);
        assertThat(endB.await()).isEqualTo(Status.OK);
        assertThat(client.received().stream().filter(AuditPortsReply::hasFinding))
                .extracting(reply ->
                        reply.getFinding().getNode() + " " + reply.getFinding().getSandboxName())
                .containsExactly("a one", "b two");
        assertThat(client.received().stream().filter(AuditPortsReply::hasProgress))
                .extracting(reply -> reply.getProgress().getNode())
                .containsExactly("a", "b");
    }

    @Test
    void aNodeThatIsAwayTakesNothingFromWhatOthersTell() throws Exception {
        Client client = audit("a,c");
        AuditPorts toA = asked(a);
        StreamObserver<AuditReport> fromA = a.attachAudit(new End());
        fromA.onNext(begin(toA));
        fromA.onNext(finding("one"));
        fromA.onCompleted();

        assertThat(client.awaitEnd()).isEqualTo(Status.OK);
        assertThat(client.received().stream().filter(AuditPortsReply::hasFailure))
                .singleElement()
                .satisfies(reply -> {
                    assertThat(reply.getFailure().getNode()).isEqualTo("c");
                    assertThat(reply.getFailure().getMessage()).contains("node c", "not connected");
                });
        assertThat(client.received().stream().filter(AuditPortsReply::hasFinding))
                .hasSize(1);
    }

    @Test
    void aNodesOwnFailureIsTold() throws Exception {
        Client client = audit("a");
        AuditPorts toA = asked(a);
        StreamObserver<AuditReport> fromA = a.attachAudit(new End());
        fromA.onNext(begin(toA));
        fromA.onNext(AuditReport.newBuilder().setFailure("another audit runs").build());
        fromA.onCompleted();

        assertThat(client.awaitEnd()).isEqualTo(Status.OK);
        assertThat(client.received().getLast().getFailure().getMessage()).contains("node a", "another audit runs");
    }

    @Test
    void aNodeThatDiesIsToldOnce() throws Exception {
        Client client = audit("a");
        AuditPorts toA = asked(a);
        StreamObserver<AuditReport> fromA = a.attachAudit(new End());
        fromA.onNext(begin(toA));
        client.awaitReceived(1);
        fromA.onError(Status.CANCELLED.asRuntimeException());

        assertThat(client.awaitEnd()).isEqualTo(Status.OK);
        assertThat(client.received().stream().filter(AuditPortsReply::hasFailure))
                .singleElement()
                .satisfies(reply -> assertThat(reply.getFailure().getMessage()).contains("lost the connection"));
    }

    @Test
    void aClientThatGoesAwayEndsTheNodesCalls() throws Exception {
        Client client = audit("a");
        AuditPorts toA = asked(a);
        End end = new End();
        a.attachAudit(end).onNext(begin(toA));
        client.awaitReceived(1);
        client.cancel();

        assertThat(end.await().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void anIdIsGoodForOneCall() throws Exception {
        Client client = audit("a");
        AuditPorts toA = asked(a);
        a.attachAudit(new End()).onNext(begin(toA));
        client.awaitReceived(1);
        End second = new End();
        b.attachAudit(second).onNext(begin(toA));

        assertThat(second.await().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(client.ended()).isEmpty();
    }
}
