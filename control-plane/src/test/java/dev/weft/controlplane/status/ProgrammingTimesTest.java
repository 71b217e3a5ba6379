package dev.weft.controlplane.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.store.CommitObserver.Outcome;
import dev.weft.node.v1.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProgrammingTimesTest {

    private static final NodeName A = new NodeName("a");
    private static final NodeName B = new NodeName("b");

    private final List<Duration> programmed = new ArrayList<>();
    private final List<String> repaired = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();

    private final ProgrammingTimes times = new ProgrammingTimes(
            new SessionObserver() {
                @Override
                public void connected(NodeName node, long epoch) {
                    heard.add("connected " + node);
                }

                @Override
                public void disconnected(NodeName node) {
                    heard.add("disconnected " + node);
                }

                @Override
                public void desired(NodeName node, long revision) {
                    heard.add("desired " + node + " " + revision);
                }

                @Override
                public void distributed(long revision) {
                    heard.add("distributed " + revision);
                }

                @Override
                public void reported(NodeName node, Report report) {
                    heard.add("reported " + node + " " + report.getAppliedRevision());
                }
            },
            new ProgrammingObserver() {
                @Override
                public void programmed(Duration took) {
                    programmed.add(took);
                }

                @Override
                public void repaired(String kind, long count) {
                    repaired.add(kind + " " + count);
                }
            });

    private void report(NodeName node, long applied, Map<String, Long> drift) {
        times.reported(
                node,
                Report.newBuilder()
                        .setAppliedRevision(applied)
                        .putAllDriftRepaired(drift)
                        .build());
    }

    private void connect(NodeName node) {
        times.connected(node, 1);
        times.desired(node, 5);
        report(node, 5, Map.of());
    }

    @Test
    void aChangeIsMeasuredFromItsCommitOnceForEachNode() {
        connect(A);
        connect(B);
        assertThat(programmed).as("what a stream begins with is no change").isEmpty();
        times.ended(
                Outcome.COMMITTED,
                6,
                System.nanoTime() - Duration.ofSeconds(100).toNanos(),
                Duration.ZERO);
        times.desired(A, 6);
        times.desired(B, 6);
        assertThat(times.behind()).isEqualTo(2);
        assertThat(times.lag()).isPositive();
        report(A, 5, Map.of());
        assertThat(programmed).isEmpty();
        report(A, 6, Map.of());
        report(A, 6, Map.of());
        assertThat(programmed)
                .singleElement()
                .satisfies(took -> assertThat(took).isGreaterThanOrEqualTo(Duration.ofSeconds(100)));
        assertThat(times.behind()).isEqualTo(1);
        times.disconnected(B);
        assertThat(times.behind())
                .as("who is not connected is not behind, but away")
                .isZero();
        assertThat(times.lag()).isZero();
    }

    @Test
    void anotherReplicasChangeIsMeasuredFromWhenItIsLearnedOf() {
        connect(A);
        times.ended(Outcome.CONFLICT, 0, 0, Duration.ZERO);
        times.desired(A, 6);
        times.desired(A, 8);
        report(A, 9, Map.of());
        assertThat(programmed).hasSize(2).allSatisfy(took -> assertThat(took).isLessThan(Duration.ofSeconds(60)));
    }

    @Test
    void whatNodesRepairedIsCountedOnce() {
        times.connected(A, 1);
        report(A, 5, Map.of("link", 7L));
        report(A, 5, Map.of("link", 9L, "nft", 1L));
        report(A, 5, Map.of("link", 9L, "nft", 1L));
        assertThat(repaired).containsExactlyInAnyOrder("link 2", "nft 1");
        times.connected(A, 2);
        report(A, 5, Map.of("link", 12L));
        assertThat(repaired).as("what another stream told, or nobody").hasSize(2);
    }

    @Test
    void whoComesNextHearsEverything() {
        connect(A);
        times.distributed(5);
        times.disconnected(A);
        assertThat(heard)
                .containsExactly("connected a", "desired a 5", "reported a 5", "distributed 5", "disconnected a");
    }
}
