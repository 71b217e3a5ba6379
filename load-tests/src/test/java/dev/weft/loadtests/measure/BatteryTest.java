package dev.weft.loadtests.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.InterleavedRun.CancelledException;
import dev.weft.loadtests.measure.Outcome.Measured;
import dev.weft.loadtests.measure.Outcome.NotFinished;
import dev.weft.loadtests.measure.Outcome.NotMeasured;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatteryTest {

    private final AtomicInteger closed = new AtomicInteger();
    private final InterleavedRun runner = new InterleavedRun(new InterleavedRun.Progress() {
        @Override
        public void opening(Entrant entrant) {}

        @Override
        public void problem(Entrant entrant, String what) {}

        @Override
        public void roundDone(int done, int total) {}
    });

    /** One reading in each comparison: the round's number, ten times it, and so on. */
    private final Entrant both = entrant("both", round -> List.of((double) round, 10.0 * round));

    private final Entrant first = entrant("first", round -> List.of((double) round));

    @Test
    void everyComparisonGetsItsOwnReadings() {
        List<ComparisonResult> results =
                runner.run(new Battery("s", List.of(comparison("a", both, first), comparison("b", both))));
        assertThat(results.get(0).outcomes())
                .containsEntry("both", measured(1, 2))
                .containsEntry("first", measured(1, 2));
        assertThat(results.get(1).outcomes()).containsOnlyKeys("both").containsEntry("both", measured(10, 20));
    }

    @Test
    void aReadingThatIsMissingIsNotMeasured() {
        List<ComparisonResult> results =
                runner.run(new Battery("s", List.of(comparison("a", first), comparison("b", first))));
        assertThat(results.get(1).outcomes().get("first")).isInstanceOf(NotMeasured.class);
    }

    @Test
    void whatWasStoppedHasItsBound() {
        Duration limit = Duration.ofSeconds(7);
        Entrant slow = entrant("slow", round -> {
            throw new NotFinishedException(limit);
        });
        Entrant slowToOpen = new Entrant("slow to open", Side.PEER, "", () -> {
            throw new NotFinishedException(limit);
        });
        List<ComparisonResult> results =
                runner.run(new Battery("s", List.of(comparison("a", slow, slowToOpen, first))));
        assertThat(results.getFirst().outcomes())
                .containsEntry("slow", new NotFinished(limit))
                .containsEntry("slow to open", new NotFinished(limit))
                .containsEntry("first", measured(1, 2));
    }

    @Test
    void aCancelledRunHasNoFiguresAndClosesWhatItOpened() {
        Entrant cancelling = entrant("cancelling", round -> {
            runner.cancel();
            return List.of(1.0);
        });
        assertThatExceptionOfType(CancelledException.class)
                .isThrownBy(() -> runner.run(new Battery("s", List.of(comparison("a", first, cancelling)))));
        assertThat(closed).hasValue(2);
    }

    @Test
    void comparisonsOfOneBatteryShareTheirWork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Battery("s", List.of(comparison("a", first), comparison("b", both))))
                .withMessageContaining("b has an entrant that a has not");
        Comparison longer = new Comparison("c", "", Unit.MILLISECONDS, 1, 9, List.of(first), List.of(), List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Battery("s", List.of(comparison("a", first), longer)))
                .withMessageContaining("rounds");
    }

    private interface Work {
        List<Double> readings(int round);
    }

    private Entrant entrant(String name, Work work) {
        return new Entrant(name, Side.PEER, "", () -> new MultiContender() {
            @Override
            public List<Double> readings(int round) {
                return work.readings(round);
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        });
    }

    private static Comparison comparison(String key, Entrant... entrants) {
        return new Comparison(key, "", Unit.MILLISECONDS, 1, 2, List.of(entrants), List.of(), List.of());
    }

    private static Measured measured(double... values) {
        return new Measured(new Samples(java.util.Arrays.stream(values).boxed().toList()));
    }
}
