package dev.weft.loadtests.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.Outcome.Measured;
import dev.weft.loadtests.measure.Outcome.NotMeasured;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterleavedRunTest {

    private final List<String> log = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final InterleavedRun runner = new InterleavedRun(new InterleavedRun.Progress() {
        @Override
        public void opening(Entrant entrant) {}

        @Override
        public void problem(Entrant entrant, String what) {
            problems.add(entrant.name() + ": " + what);
        }

        @Override
        public void roundDone(int done, int total) {}
    });

    @Test
    void everyRoundAsksEveryContenderAndTheFirstChanges() {
        run(0, 2, entrant("a", 99), entrant("b", 99));
        assertThat(log).containsExactly("a0", "b0", "b1", "a1", "close b", "close a");
    }

    @Test
    void warmUpRoundsAreNotCounted() {
        ComparisonResult result = run(2, 3, entrant("a", 99));
        assertThat(result.outcomes()).containsEntry("a", new Measured(new Samples(List.of(2.0, 3.0, 4.0))));
    }

    @Test
    void aContenderThatFailsKeepsNoFiguresAndTheOthersGoOn() {
        ComparisonResult result = run(0, 3, entrant("a", 1), entrant("b", 99));
        assertThat(result.outcomes().get("a")).isEqualTo(new NotMeasured("it failed in round 2: no more; really"));
        assertThat(result.outcomes().get("b")).isInstanceOf(Measured.class);
        assertThat(problems).containsExactly("a: it failed in round 2: no more; really");
        assertThat(log).contains("close a").doesNotContain("a2");
    }

    @Test
    void whatTheMachineLacksIsNotMeasured() {
        Entrant absent = new Entrant("absent", Side.PEER, "", () -> {
            throw new UnavailableException("not here: apt-get install it");
        });
        ComparisonResult result = run(0, 1, absent);
        assertThat(result.outcomes()).containsEntry("absent", new NotMeasured("not here: apt-get install it"));
    }

    private ComparisonResult run(int warmUps, int rounds, Entrant... entrants) {
        return runner.run(new Comparison(
                "key", "title", Unit.MILLISECONDS, warmUps, rounds, List.of(entrants), List.of(), List.of()));
    }

    private Entrant entrant(String name, int failingRound) {
        return new Entrant(name, Side.PEER, "", () -> new Contender() {
            @Override
            public double measure(int round) {
                if (round >= failingRound) {
                    throw new IllegalStateException("no more\n  really");
                }
                log.add(name + round);
                return round;
            }

            @Override
            public void close() {
                log.add("close " + name);
            }
        });
    }
}
