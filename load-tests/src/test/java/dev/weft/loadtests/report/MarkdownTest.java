package dev.weft.loadtests.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.ComparisonResult;
import dev.weft.loadtests.measure.ComparisonResult.Row;
import dev.weft.loadtests.measure.Entrant;
import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.Outcome;
import dev.weft.loadtests.measure.Outcome.Measured;
import dev.weft.loadtests.measure.Outcome.NotFinished;
import dev.weft.loadtests.measure.Outcome.NotMeasured;
import dev.weft.loadtests.measure.Samples;
import dev.weft.loadtests.measure.Target;
import dev.weft.loadtests.measure.Target.Statistic;
import dev.weft.loadtests.measure.Unit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {

    @Test
    void figuresRatiosAndTargetsOfAComparison() {
        String text = section(measured(2, 3, 4), measured(12, 12, 48));

        assertThat(text)
                .contains("""
                        |      | median |  p99 |  min |  max |   n |
                        |:-----|-------:|-----:|-----:|-----:|----:|
                        | Weft |   3.00 | 4.00 | 2.00 | 4.00 |   3 |
                        | Peer |   12.0 | 48.0 | 12.0 | 48.0 |   3 |
                        """)
                .contains("""
                        | ratio of medians | ÷ Peer |
                        |:-----------------|-------:|
                        | Weft             |   0.25 |
                        """)
                .contains("- target: Weft, median ≤ 3.00 ms: met (3.00)")
                .contains("- target: Weft, p99 ≤ 3.50 ms: **missed** (4.00)");
    }

    @Test
    void whatWasNotMeasuredHasAReasonAndNoFigure() {
        String text = section(measured(2), new NotMeasured("docker is missing: apt-get install docker.io"));

        assertThat(text)
                .contains("| Peer: not measured |        |")
                .contains("- not measured: Peer: docker is missing: apt-get install docker.io")
                .doesNotContain("ratio of medians");
    }

    @Test
    void whatDidNotFinishHasItsBoundAndRatiosToItAreBounds() {
        assertThat(section(measured(3), new NotFinished(Duration.ofSeconds(120))))
                .contains("| Peer: not finished after 120 s |")
                .contains("""
                        | ratio of medians |    ÷ Peer |
                        |:-----------------|----------:|
                        | Weft             | < 2.5e-05 |
                        """);
    }

    @Test
    void nothingIsATimesZero() {
        assertThat(section(measured(0), measured(0)))
                .contains("| Weft |      0 |   0 |   0 |   0 |   1 |")
                .contains("| Weft             |      – |");
    }

    @Test
    void aTargetWithoutAFigureIsNeitherMetNorMissed() {
        assertThat(section(new NotMeasured("no"), measured(1))).contains("median ≤ 3.00 ms: not measured");
    }

    private static Measured measured(double... values) {
        return new Measured(new Samples(java.util.Arrays.stream(values).boxed().toList()));
    }

    private static String section(Outcome weft, Outcome peer) {
        Entrant ours = new Entrant("Weft", Side.WEFT, "ours", () -> {
            throw new AssertionError("a report opens nothing");
        });
        Entrant theirs = new Entrant("Peer", Side.PEER, "theirs", ours.opening());
        Comparison comparison = new Comparison(
                "key",
                "Title",
                Unit.MILLISECONDS,
                1,
                3,
                List.of(ours, theirs),
                List.of(new Target.AtMost("Weft", Statistic.MEDIAN, 3), new Target.AtMost("Weft", Statistic.P99, 3.5)),
                List.of());
        return Markdown.of(new Report.Section(
                new ComparisonResult(comparison, List.of(new Row(ours, weft), new Row(theirs, peer))),
                0.5,
                Duration.ofSeconds(7)));
    }
}
