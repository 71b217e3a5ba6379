package dev.weft.controlplane.status;

import static dev.weft.controlplane.state.Fixtures.endpoint;
import static dev.weft.controlplane.state.Fixtures.node;
import static dev.weft.controlplane.state.Fixtures.overlay;
import static dev.weft.controlplane.state.Fixtures.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.ObjectStatus;
import dev.weft.controlplane.cluster.NodeObservation;
import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.ipam.NodeAnswer;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.state.ClusterIndex;
import dev.weft.controlplane.state.ClusterListener;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.testing.Await;
import dev.weft.node.v1.Report;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.RowKind;
import dev.weft.node.v1.RowStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two replicas know of a node when one of them has its stream. */
class SharedStatusTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final NodeName NODE = new NodeName("n1");

    private final SharedMemory memory = new SharedMemory();
    private final List<ObservationSharing> sharings = new ArrayList<>();
    private final ClusterIndex index = new ClusterIndex();
    private final Sandbox sandbox = sandbox("a", "n1");
    private final Endpoint endpoint = endpoint(overlay("web", "10.0.0.0/24"), sandbox, "10.0.0.2/24");
    private final SharedMemory.Member one = memory.member("r1");
    private final SharedMemory.Member two = memory.member("r2");
    private final InMemoryStatusBoard first = board(one);
    private final InMemoryStatusBoard second = board(two);

    /** The same content at each replica. */
    private final class SameState implements ClusterState {

        @Override
        public <T> T read(Function<ClusterView, T> function) {
            return function.apply(index);
        }

        @Override
        public boolean awaitRevision(long revision, Duration timeout) {
            return true;
        }

        @Override
        public Subscription subscribe(ClusterListener listener) {
            return () -> {};
        }
    }

    private InMemoryStatusBoard board(SharedMemory.Member member) {
        InMemoryStatusBoard board = new InMemoryStatusBoard(new SameState(), member, Clock.systemUTC());
        sharings.add(ObservationSharing.start(board, member, () -> true));
        return board;
    }

    @BeforeEach
    void content() {
        index.put(node("n1", "192.0.2.1"), 3);
        index.put(sandbox, 5);
        index.put(endpoint, 6);
        index.advanceTo(6);
        connect(first, 4);
    }

    @AfterEach
    void stop() {
        sharings.forEach(ObservationSharing::close);
    }

    private static void connect(InMemoryStatusBoard board, long registeredAt) {
        board.connected(NODE, registeredAt);
        board.desired(NODE, 6);
        board.distributed(6);
    }

    private void report(InMemoryStatusBoard board, long applied) {
        board.reported(
                NODE,
                Report.newBuilder()
                        .setAppliedRevision(applied)
                        .putDriftRepaired("link", 2)
                        .addStatuses(
                                ready(RowKind.ROW_KIND_SANDBOX, sandbox.id().value(), 5))
                        .addStatuses(
                                ready(RowKind.ROW_KIND_ENDPOINT, endpoint.id().value(), 6))
                        .addStatuses(ready(RowKind.ROW_KIND_PEER, "far", 6))
                        .build());
    }

    private static RowStatus ready(RowKind kind, String id, long revision) {
        return RowStatus.newBuilder()
                .setKey(RowKey.newBuilder().setKind(kind).setId(id))
                .setState(ObjectStatus.State.READY)
                .setObservedRevision(revision)
                .build();
    }

    private NodeObservation told() {
        return Objects.requireNonNull(memory.observations().get(NODE));
    }

    private static void awaitConnected(InMemoryStatusBoard board) {
        Await.until("it is connected", PATIENCE, () -> board.node(NODE).connected());
    }

    @Test
    void theOtherReplicaAnswersAndWaitsLikeTheOneWithTheStream() throws Exception {
        CompletableFuture<ObservedStatus> waiting = CompletableFuture.supplyAsync(() -> await(second));
        report(first, 6);
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isInstanceOf(ObservedStatus.Ready.class);
        assertThat(second.endpoint(endpoint.id())).isEqualTo(first.endpoint(endpoint.id()));
        assertThat(second.node(NODE)).isEqualTo(first.node(NODE));
        assertThat(second.node(NODE).driftRepaired()).containsEntry("link", 2L);
        assertThat(second.holder(NODE)).contains(new Replica("r1", "r1:7400"));
        assertThat(first.holder(NODE)).isEmpty();
        assertThat(List.of(first.isHere(NODE), second.isHere(NODE))).containsExactly(true, false);
        assertThat(second.endpointOn(NODE, endpoint.id(), 6)).isEqualTo(new NodeAnswer.Holds(6));
        assertThat(second.endpointOn(NODE, new EndpointId("f".repeat(64)), 6)).isEqualTo(new NodeAnswer.HoldsNot());
        assertThat(second.endpointOn(NODE, new EndpointId("f".repeat(64)), 7)).isEqualTo(new NodeAnswer.NotYet());
        assertThat(told().rows())
                .as("peers that are as they should be are nobody's business")
                .hasSize(2);
    }

    private ObservedStatus await(InMemoryStatusBoard board) {
        try {
            return board.awaitSandbox(sandbox.id(), 6, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void whatBringsTheNodeNothingIsAskedOfTheReplicaWithTheStream() throws Exception {
        report(first, 6);
        awaitConnected(second);
        // Tells nobody, since no node has anything from it.
        first.distributed(9);
        assertThat(second.awaitApplied(NODE, 9, PATIENCE)).isTrue();
        assertThat(second.awaitApplied(NODE, 10, Duration.ofMillis(50))).isFalse();
    }

    @Test
    void aNodeWhoseReplicaIsGoneIsAwayUntilItHasDialledAnother() {
        report(first, 6);
        awaitConnected(second);
        one.close();
        assertThat(second.node(NODE).connected()).isFalse();
        assertThat(second.sandbox(sandbox.id()))
                .isInstanceOfSatisfying(
                        ObservedStatus.Pending.class,
                        pending -> assertThat(pending.message()).contains("has been away since", "last known: ready"));
        connect(second, 8);
        report(second, 6);
        assertThat(second.sandbox(sandbox.id())).isInstanceOf(ObservedStatus.Ready.class);
    }

    @Test
    void theLaterRegistrationCountsWhoeverSpeaksLast() {
        report(first, 6);
        awaitConnected(second);
        connect(second, 8);
        report(second, 6);
        Await.until(
                "the first knows",
                PATIENCE,
                () -> first.holder(NODE).equals(Optional.of(new Replica("r2", "r2:7400"))));
        // Its own stream of the node ends only now.
        long version = told().version();
        first.disconnected(NODE);
        first.publishAgain();
        assertThat(first.takeUnpublished()).as("of a node that is another's").isEmpty();
        second.publishAgain();
        Await.until("the second tells again", PATIENCE, () -> told().version() > version);
        assertThat(first.node(NODE).connected()).isTrue();
        assertThat(second.node(NODE).connected()).isTrue();
        assertThat(second.holder(NODE)).isEmpty();
    }

    @Test
    void everythingComesBackWhenTheSharedMemoryIsLost() {
        report(first, 6);
        awaitConnected(second);
        memory.lose();
        Await.until("it is told again", PATIENCE, () -> memory.observations().containsKey(NODE));
        InMemoryStatusBoard third = board(memory.member("r3"));
        awaitConnected(third);
        assertThat(third.sandbox(sandbox.id())).isEqualTo(first.sandbox(sandbox.id()));
    }

    @Test
    void aNodeThatIsNotStoredAnyMoreIsNotToldOf() {
        report(first, 6);
        awaitConnected(second);
        index.remove(NODE);
        memory.observations().clear();
        first.disconnected(NODE);
        assertThat(first.takeUnpublished()).isEmpty();
        assertThat(memory.observations()).isEmpty();
    }
}
