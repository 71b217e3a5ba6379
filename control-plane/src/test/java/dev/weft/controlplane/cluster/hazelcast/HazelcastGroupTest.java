package dev.weft.controlplane.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.weft.api.v1.ObjectStatus;
import dev.weft.controlplane.cluster.NodeObservation;
import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.cluster.ReplicaGroup;
import dev.weft.controlplane.cluster.RowObservation;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.testing.Await;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.RowKind;
import dev.weft.node.v1.RowStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two replicas in one process, each a real member on a port of its own. */
class HazelcastGroupTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final NodeName NODE = new NodeName("n1");

    private final List<Integer> ports = List.of(freePort(), freePort());
    private final List<HazelcastGroup> groups = new ArrayList<>();

    /** A port with a free one after it. */
    private static int freePort() {
        for (int attempt = 0; attempt < 100; attempt++) {
            try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket next = new ServerSocket(one.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
                return next.getLocalPort() - 1;
            } catch (IOException | IllegalArgumentException _) {
                // Somebody has the next one: look further.
            }
        }
        throw new AssertionError("no two free ports in a row");
    }

    /** What a replica was told. */
    private static final class Heard implements ReplicaGroup.Listener {

        private final Map<NodeName, NodeObservation> observed = new ConcurrentHashMap<>();
        private final List<String> left = new CopyOnWriteArrayList<>();
        private volatile boolean fresh = true;
        private final AtomicInteger lost = new AtomicInteger();

        @Override
        public void observed(NodeObservation observation) {
            observed.put(observation.node(), observation);
        }

        @Override
        public void left(String replica) {
            left.add(replica);
        }

        @Override
        public void lost() {
            lost.incrementAndGet();
        }

        @Override
        public Optional<Boolean> awaitApplied(NodeName node, long revision, Duration timeout) {
            return node.equals(NODE) ? Optional.of(revision <= 7) : Optional.empty();
        }

        @Override
        public boolean isFresh() {
            return fresh;
        }

        Optional<NodeObservation> of(NodeName node) {
            return Optional.ofNullable(observed.get(node));
        }
    }

    private HazelcastGroup open(int index) throws IOException {
        HazelcastGroup group = HazelcastGroup.open(
                new HazelcastGroupConfig(
                        "test" + ports.getFirst(),
                        "127.0.0.1",
                        ports.get(index),
                        ports.stream().map(port -> "127.0.0.1:" + port).toList()),
                replica(index));
        groups.add(group);
        return group;
    }

    private static Replica replica(int index) {
        return new Replica("r" + (index + 1), "127.0.0.1:" + (7401 + index));
    }

    private static NodeObservation observation(String replica, long registeredAt, long version) {
        return new NodeObservation(
                NODE,
                registeredAt,
                version,
                replica,
                true,
                Optional.of(Instant.ofEpochSecond(12, 34)),
                9,
                8,
                8,
                true,
                Map.of("link", 3L),
                77,
                List.of("somebody else's rule"),
                List.of(new RowObservation(
                        RowStatus.newBuilder()
                                .setKey(RowKey.newBuilder()
                                        .setKind(RowKind.ROW_KIND_SANDBOX)
                                        .setId("s"))
                                .setState(ObjectStatus.State.FAILED)
                                .setMessage("no")
                                .setObservedRevision(8)
                                .build(),
                        Instant.ofEpochSecond(5))));
    }

    @AfterEach
    void leave() {
        groups.forEach(HazelcastGroup::close);
    }

    @Test
    void replicasFindEachOtherTellAndAskAndNoticeWhoLeaves() throws Exception {
        HazelcastGroup one = open(0);
        Heard heardByOne = new Heard();
        one.join(heardByOne);
        one.publish(observation("r1", 3, 1));
        HazelcastGroup two = open(1);
        Heard heardByTwo = new Heard();
        two.join(heardByTwo);
        assertThat(two.members()).containsExactly(replica(0), replica(1));
        Await.until("both know both", PATIENCE, () -> one.members().size() == 2);

        // What was told before one came, and what is told after.
        Await.until(
                "the second knows what the first observed",
                PATIENCE,
                () -> heardByTwo.of(NODE).equals(Optional.of(observation("r1", 3, 1))));
        two.publish(observation("r2", 5, 1));
        Await.until(
                "the first is told", PATIENCE, () -> heardByOne.of(NODE).equals(Optional.of(observation("r2", 5, 1))));

        // Late news of an earlier registration, and an older version of the same one, are nobody's any more.
        one.publish(observation("r1", 3, 9));
        two.publish(observation("r2", 5, 1));
        two.publish(observation("r2", 5, 2));
        Await.until(
                "the newest is known",
                PATIENCE,
                () -> heardByOne.of(NODE).equals(Optional.of(observation("r2", 5, 2))));

        assertThat(one.awaitApplied(replica(1), NODE, 7, Duration.ofSeconds(30)))
                .contains(true);
        assertThat(one.awaitApplied(replica(1), NODE, 8, Duration.ofSeconds(30)))
                .contains(false);
        assertThat(one.awaitApplied(replica(1), new NodeName("n2"), 7, Duration.ofSeconds(1)))
                .as("whose stream is not there")
                .isEmpty();
        assertThat(one.awaitApplied(new Replica("r9", "nowhere:1"), NODE, 7, Duration.ofSeconds(1)))
                .as("of one that is not there")
                .isEmpty();

        assertThat(one.freshOthers()).containsExactly(two.self());
        heardByTwo.fresh = false;
        assertThat(one.freshOthers()).isEmpty();
        assertThat(two.freshOthers()).containsExactly(one.self());

        int told = heardByOne.lost.get();
        one.loseEverything();
        one.publish(observation("r1", 1, 1));
        Await.until(
                "an empty memory takes what is told again",
                PATIENCE,
                () -> heardByTwo.of(NODE).equals(Optional.of(observation("r1", 1, 1))));

        two.close();
        Await.until("the first notices", PATIENCE, () -> heardByOne.left.equals(List.of("r2")));
        Await.until("it tells again what may be lost", PATIENCE, () -> heardByOne.lost.get() > told);
        assertThat(one.members()).containsExactly(replica(0));
        assertThat(one.freshOthers()).isEmpty();
        assertThat(one.awaitApplied(replica(1), NODE, 7, Duration.ofSeconds(1))).isEmpty();
    }

    @Test
    void anAddressThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(ports.getFirst(), 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(taken.isBound()).isTrue();
            assertThatIOException().isThrownBy(() -> open(0)).withMessageContaining("127.0.0.1:" + ports.getFirst());
        }
    }
}
