package dev.weft.controlplane.distribution;

import static dev.weft.controlplane.state.Fixtures.endpoint;
import static dev.weft.controlplane.state.Fixtures.nodeName;
import static dev.weft.controlplane.state.Fixtures.overlay;
import static dev.weft.controlplane.state.Fixtures.sandbox;
import static dev.weft.controlplane.state.Fixtures.sandboxId;
import static dev.weft.node.v1.RowKind.ROW_KIND_ENDPOINT;
import static dev.weft.node.v1.RowKind.ROW_KIND_NETWORK;
import static dev.weft.node.v1.RowKind.ROW_KIND_PEER;
import static dev.weft.node.v1.RowKind.ROW_KIND_SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.ObjectStatus;
import dev.weft.controlplane.distribution.FakeNode.Behaviour;
import dev.weft.controlplane.ipam.NodeAnswer;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.status.NodeLiveness;
import dev.weft.controlplane.status.ObservedStatus;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.node.v1.Report;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStreamsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Network blue = overlay("blue", "10.0.0.0/8");
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final SqliteStore store;
    private NodeStreams streams;

    NodeStreamsTest(@TempDir Path directory) throws Exception {
        this.store = SqliteStore.open(SqliteStoreConfig.in(directory));
        this.streams = serve();
    }

    @BeforeEach
    void theReplicaIsFilled() throws Exception {
        assertThat(streams.state().awaitFilled(SOON)).isTrue();
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        store.close();
    }

    private NodeStreams serve() throws Exception {
        NodeStreams served = new NodeStreams(store, _ -> new ExecServiceGrpc.ExecServiceImplBase() {});
        open.push(served);
        return served;
    }

    private FakeNode node(String name, int number) {
        return node(name, number, Behaviour.APPLIES);
    }

    private FakeNode node(String name, int number, Behaviour behaviour) {
        FakeNode node = new FakeNode(name, "192.0.2." + number, streams.port(), behaviour);
        open.push(node);
        node.dial();
        Await.until(
                name + " is in sync",
                SOON,
                () -> node.snapshots() > 0 || node.ended().isPresent());
        return node;
    }

    @Test
    void aNodeGetsASnapshotThenWhatChanges() throws Exception {
        Sandbox web = sandbox("web", "a");
        streams.write(blue, web);
        FakeNode a = node("a", 1);
        assertThat(a.epoch()).isEqualTo(1);
        assertThat(a.row(ROW_KIND_SANDBOX, web.id().value())).isPresent();
        assertThat(a.rows()).hasSize(1);

        Endpoint webOnBlue = endpoint(blue, web, "10.0.0.2/8");
        long revision = streams.write(webOnBlue);

        assertThat(streams.board().awaitSandbox(web.id(), revision, SOON))
                .isInstanceOfSatisfying(
                        ObservedStatus.Ready.class,
                        ready -> assertThat(ready.observedRevision()).isEqualTo(revision));
        assertThat(a.row(ROW_KIND_ENDPOINT, webOnBlue.id().value()))
                .get()
                .satisfies(
                        row -> assertThat(row.getEndpoint().getGatewaysList()).containsExactly("10.0.0.1"));
        assertThat(a.row(ROW_KIND_NETWORK, blue.id().value())).get().satisfies(row -> {
            assertThat(row.getNetwork().getMtu()).isEqualTo(1450);
            assertThat(row.getNetwork().getBridgeName())
                    .isEqualTo("br-" + blue.id().shortId());
            assertThat(row.getNetwork().getSubnets(0).getVni()).isPositive();
        });

        long removal = streams.delete(webOnBlue);
        assertThat(streams.board().awaitApplied(nodeName("a"), removal, SOON)).isTrue();
        assertThat(a.rows()).hasSize(1);
        assertThat(a.snapshots()).isEqualTo(1);
    }

    @Test
    void nodesLearnOfEachOtherOnlyThroughTheNetworksTheyShare() throws Exception {
        FakeNode a = node("a", 1);
        FakeNode b = node("b", 2);
        FakeNode c = node("c", 3);
        Sandbox onA = sandbox("on-a", "a");
        Sandbox onB = sandbox("on-b", "b");
        Endpoint endpointOnB = endpoint(blue, onB, "10.0.0.3/8");
        long revision = streams.write(blue, onA, onB, endpoint(blue, onA, "10.0.0.2/8"), endpointOnB);

        for (String name : List.of("a", "b", "c")) {
            assertThat(streams.board().awaitApplied(nodeName(name), revision, SOON))
                    .isTrue();
        }
        assertThat(a.row(ROW_KIND_PEER, endpointOnB.id().value()))
                .get()
                .satisfies(row -> assertThat(row.getPeer().getVtepAddress()).isEqualTo("192.0.2.2"));
        assertThat(b.rows()).hasSize(5);
        assertThat(c.rows()).isEmpty();

        b.hangUp();
        Await.until(
                "b is gone", SOON, () -> !streams.board().node(nodeName("b")).connected());
        assertThat(a.row(ROW_KIND_PEER, endpointOnB.id().value()))
                .as("a node that is away still has its endpoints")
                .isPresent();
    }

    @Test
    void aRevisionThatDoesNotConcernANodeCountsAsAppliedAndReachesItInTime() throws Exception {
        FakeNode a = node("a", 1);
        long revision = streams.writeSomethingElse();

        assertThat(streams.board().awaitApplied(nodeName("a"), revision, SOON)).isTrue();
        Await.until("the node knows the revision", SOON, () -> a.revision() >= revision);
        Await.until(
                "its report says so",
                SOON,
                () -> streams.board().node(nodeName("a")).appliedRevision() >= revision);
    }

    @Test
    void ofNodesThatAreSentAwayTheOthersNoticeNothing() throws Exception {
        FakeNode a = node("a", 1);
        FakeNode b = node("b", 2);
        Await.until("in sync", SOON, () -> a.snapshots() == 1 && b.snapshots() == 1);
        assertThat(streams.sendAway(2, Duration.ofHours(1)))
                .as("they have just come")
                .isZero();
        assertThat(streams.sendAway(1, Duration.ZERO)).isEqualTo(1);
        Await.until(
                "one to be sent away",
                SOON,
                () -> a.ended().isPresent() != b.ended().isPresent());
        FakeNode gone = a.ended().isPresent() ? a : b;
        FakeNode stays = gone == a ? b : a;
        assertThat(gone.ended().orElseThrow().getDescription()).contains("fewer nodes");
        long revision = streams.writeSomethingElse();
        assertThat(streams.board().awaitApplied(nodeName(stays == a ? "a" : "b"), revision, SOON))
                .isTrue();
        assertThat(stays.ended()).isEmpty();
    }

    @Test
    void aNodeThatSaysNothingHasAppliedNothing() throws Exception {
        node("a", 1, Behaviour.SILENT);
        Sandbox web = sandbox("web", "a");
        long revision = streams.write(web);

        assertThat(streams.board().awaitApplied(nodeName("a"), revision, Duration.ofMillis(200)))
                .isFalse();
        assertThat(streams.board().awaitSandbox(web.id(), revision, Duration.ofMillis(50)))
                .isEqualTo(new ObservedStatus.Pending("node a has not reported it yet"));
        assertThat(streams.board().awaitApplied(nodeName("nobody"), revision, Duration.ofMillis(1)))
                .isFalse();
    }

    @Test
    void whatANodeSaysOfAnEndpointCountsFromTheRevisionThatItHasApplied() throws Exception {
        NodeName name = nodeName("a");
        Sandbox web = sandbox("web", "a");
        Endpoint endpoint = endpoint(blue, web, "10.0.0.2/8");
        long made = streams.write(blue, web, endpoint);
        assertThat(streams.board().endpointOn(name, endpoint.id(), made)).isInstanceOf(NodeAnswer.Silent.class);
        FakeNode a = node("a", 1);
        Await.until(
                "it is reported",
                SOON,
                () -> streams.board().endpointOn(name, endpoint.id(), made).equals(new NodeAnswer.Holds(made)));

        a.behave(Behaviour.SILENT);
        long removal = streams.delete(endpoint);
        assertThat(streams.state().awaitRevision(removal, SOON)).isTrue();
        assertThat(streams.board().endpointOn(name, endpoint.id(), removal)).isEqualTo(new NodeAnswer.NotYet());
        Await.until("the node knows", SOON, () -> a.revision() >= removal);
        a.report(Report.newBuilder().setAppliedRevision(removal).build());
        Await.until(
                "it is reported gone",
                SOON,
                () -> streams.board().endpointOn(name, endpoint.id(), removal).equals(new NodeAnswer.HoldsNot()));

        a.hangUp();
        Await.until(
                "it is silent",
                SOON,
                () -> streams.board().endpointOn(name, endpoint.id(), removal) instanceof NodeAnswer.Silent);
        a.dial();
        Await.until("it is connected", SOON, () -> streams.board().node(name).connected());
        assertThat(streams.board().endpointOn(name, endpoint.id(), removal))
                .as("before the first report of the new stream")
                .isEqualTo(new NodeAnswer.NotYet());
    }

    @Test
    void bigSnapshotsAndDeltasComeInSmallMessages() throws Exception {
        int count = 6000;
        List<Object> entities = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Sandbox peer = sandbox("peer" + i, "far");
            entities.add(endpoint(blue, peer, "10.1." + i / 250 + "." + (1 + i % 250) + "/8"));
        }
        for (int i = 0; i < count; i += 100) {
            streams.write(entities.subList(i, i + 100).toArray());
        }
        Sandbox web = sandbox("web", "a");
        streams.write(blue, web);
        FakeNode far = node("far", 9, Behaviour.SILENT);
        FakeNode a = node("a", 1);
        long revision = streams.write(endpoint(blue, web, "10.0.0.2/8"));

        assertThat(streams.board().awaitApplied(nodeName("a"), revision, SOON)).isTrue();
        assertThat(a.rows()).hasSize(count + 4);
        assertThat(a.snapshots()).isEqualTo(1);
        assertThat(a.messages()).isGreaterThan(3);
        assertThat(a.largestMessage()).isBetween(100_000, 1 << 20);

        a.hangUp();
        Await.until("the stream is over", SOON, () -> a.ended().isPresent());
        a.dial();
        Await.until("in sync again", SOON, () -> a.snapshots() == 2);
        assertThat(a.rows()).hasSize(count + 4);
        assertThat(a.largestMessage()).isLessThan(1 << 20);
        assertThat(far.ended()).isEmpty();
    }

    @Test
    void aSlowNodeGetsTheNewestOfEachRowNotItsHistory() throws Exception {
        FakeNode a = node("a", 1);
        a.stopReading();
        int before = a.messages();
        long revision = 0;
        for (int i = 0; i < 300; i++) {
            revision = streams.write(withHostname("web", i + "x".repeat(30_000)));
        }
        a.resumeReading();

        assertThat(streams.board().awaitApplied(nodeName("a"), revision, SOON)).isTrue();
        assertThat(a.row(ROW_KIND_SANDBOX, sandboxId("web").value()))
                .get()
                .satisfies(row -> assertThat(row.getSandbox().getHostname()).startsWith("299x"));
        assertThat(a.messages() - before).isLessThan(150);
    }

    private static Sandbox withHostname(String name, String hostname) {
        Sandbox sandbox = sandbox(name, "a");
        return new Sandbox(
                sandbox.id(), name, sandbox.node(), sandbox.mode(), hostname, Map.of(), sandbox.createTime());
    }

    @Test
    void ofTwoStreamsOfOneNodeTheNewerWins() throws Exception {
        FakeNode first = node("a", 1);
        FakeNode second = node("a", 1);

        Await.until("the first is told", SOON, () -> first.ended().isPresent());
        assertThat(first.ended().map(Status::getCode)).contains(Status.Code.ABORTED);
        assertThat(first.ended().map(Status::getDescription).orElse("")).contains("another stream of node a");
        assertThat(second.epoch()).isEqualTo(2);
        Sandbox web = sandbox("web", "a");
        long revision = streams.write(web);
        assertThat(streams.board().awaitSandbox(web.id(), revision, SOON)).isInstanceOf(ObservedStatus.Ready.class);
        assertThat(second.ended()).isEmpty();
        assertThat(first.rows()).isEmpty();
    }

    @Test
    void whatDiffersIsSentAgainAndNothingElse() throws Exception {
        FakeNode a = node("a", 1);
        Sandbox web = sandbox("web", "a");
        Network red = overlay("red", "10.2.0.0/24");
        long revision =
                streams.write(blue, red, web, endpoint(blue, web, "10.0.0.2/8"), endpoint(red, web, "10.2.0.2/24"));
        assertThat(streams.board().awaitApplied(nodeName("a"), revision, SOON)).isTrue();
        a.reportDigests();
        a.spoil(ROW_KIND_NETWORK, red.id().value());
        a.reportDigests();

        Await.until(
                "the row is back",
                SOON,
                () -> a.row(ROW_KIND_NETWORK, red.id().value()).isPresent());
        assertThat(a.scopedSnapshots()).isEqualTo(1);
        assertThat(a.snapshots()).isEqualTo(1);
        assertThat(a.rows()).hasSize(5);

        a.spoil(ROW_KIND_SANDBOX, web.id().value());
        a.reportDigests();
        Await.until(
                "all rows are back",
                SOON,
                () -> a.row(ROW_KIND_SANDBOX, web.id().value()).isPresent());
        assertThat(a.snapshots()).isEqualTo(2);
        assertThat(a.rows()).hasSize(5);
    }

    @Test
    void aFailureReachesWhoWaits() throws Exception {
        FakeNode a = node("a", 1, Behaviour.SILENT);
        Sandbox web = sandbox("web", "a");
        Endpoint webOnBlue = endpoint(blue, web, "10.0.0.2/8");
        long revision = streams.write(blue, web, webOnBlue);
        Await.until(
                "the row is there",
                SOON,
                () -> a.row(ROW_KIND_ENDPOINT, webOnBlue.id().value()).isPresent());
        a.report(Report.newBuilder()
                .setAppliedRevision(revision)
                .addStatuses(
                        FakeNode.status(ROW_KIND_SANDBOX, web.id().value(), ObjectStatus.State.READY, "", revision))
                .addStatuses(FakeNode.status(
                        ROW_KIND_ENDPOINT,
                        webOnBlue.id().value(),
                        ObjectStatus.State.FAILED,
                        "create VXLAN device: EOPNOTSUPP",
                        revision))
                .build());

        assertThat(streams.board().awaitSandbox(web.id(), revision, SOON))
                .isInstanceOfSatisfying(
                        ObservedStatus.Failed.class,
                        failed -> assertThat(failed.message()).isEqualTo("create VXLAN device: EOPNOTSUPP"));
        assertThat(streams.board().node(nodeName("a")).problems())
                .containsExactly("endpoint " + webOnBlue.id().shortId() + ": create VXLAN device: EOPNOTSUPP");

        a.report(Report.newBuilder()
                .addStatuses(FakeNode.status(
                        ROW_KIND_ENDPOINT, webOnBlue.id().value(), ObjectStatus.State.READY, "", revision))
                .build());
        Await.until(
                "it recovered", SOON, () -> streams.board().endpoint(webOnBlue.id()) instanceof ObservedStatus.Ready);
        assertThat(streams.board().node(nodeName("a")).problems()).isEmpty();
        streams.delete(webOnBlue);
        Await.until(
                "its status is forgotten",
                SOON,
                () -> streams.board().endpoint(webOnBlue.id()) instanceof ObservedStatus.Pending);
    }

    @Test
    void aStatusOfAnOlderVersionDoesNotCount() throws Exception {
        FakeNode a = node("a", 1);
        Sandbox web = sandbox("web", "a");
        long first = streams.write(web);
        assertThat(streams.board().awaitSandbox(web.id(), first, SOON)).isInstanceOf(ObservedStatus.Ready.class);
        a.behave(Behaviour.SILENT);
        long second = streams.write(withHostname("web", "renamed"));

        assertThat(streams.board().awaitSandbox(web.id(), second, Duration.ofMillis(200)))
                .isEqualTo(new ObservedStatus.Pending(
                        "node a has not reported revision " + second + " yet, only " + first));
    }

    @Test
    void aNodeThatIsAwayLeavesItsLastWord() throws Exception {
        Sandbox web = sandbox("web", "a");
        long revision = streams.write(web);
        assertThat(streams.board().node(nodeName("a")))
                .isEqualTo(new NodeLiveness(false, Optional.empty(), Optional.empty(), 0, 0, Map.of(), List.of(), 0));
        FakeNode a = node("a", 1);
        assertThat(streams.board().awaitSandbox(web.id(), revision, SOON)).isInstanceOf(ObservedStatus.Ready.class);
        assertThat(streams.board().node(nodeName("a")).connected()).isTrue();

        a.hangUp();
        Await.until(
                "it is away", SOON, () -> !streams.board().node(nodeName("a")).connected());

        assertThat(streams.board().sandbox(web.id()))
                .isInstanceOfSatisfying(
                        ObservedStatus.Pending.class,
                        pending -> assertThat(pending.message())
                                .startsWith("node a has been away since ")
                                .endsWith("; last known: ready at revision " + revision));
    }

    @Test
    void anotherControlPlaneOnTheSameStoreTellsTheSame() throws Exception {
        Sandbox web = sandbox("web", "a");
        streams.write(blue, web, endpoint(blue, web, "10.0.0.2/8"));
        FakeNode a = node("a", 1);
        Map<?, ?> before = a.rows();
        streams.close();
        Await.until("the stream ends", SOON, () -> a.ended().isPresent());
        assertThat(a.ended().map(Status::getCode)).contains(Status.Code.UNAVAILABLE);

        streams = serve();
        FakeNode again = node("a", 1);
        assertThat(again.rows()).isEqualTo(before);
        assertThat(again.epoch()).isEqualTo(2);
    }

    @Test
    void aBadHelloIsRefused() {
        FakeNode bad = new FakeNode("a", "not an address", streams.port(), Behaviour.APPLIES);
        open.push(bad);
        bad.dial();
        Await.until("refused", SOON, () -> bad.ended().isPresent());
        assertThat(bad.ended().map(Status::getCode)).contains(Status.Code.INVALID_ARGUMENT);
        assertThat(bad.ended().map(Status::getDescription).orElse("")).contains("vtep_address");
        assertThat(store.get("nodes/a")).isEmpty();

        FakeNode badName = new FakeNode("A b", "192.0.2.1", streams.port(), Behaviour.APPLIES);
        open.push(badName);
        badName.dial();
        Await.until("refused", SOON, () -> badName.ended().isPresent());
        assertThat(badName.ended().map(Status::getDescription).orElse("")).contains("invalid node name");
    }
}
