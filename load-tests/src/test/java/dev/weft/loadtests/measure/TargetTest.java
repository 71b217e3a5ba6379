package dev.weft.loadtests.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.loadtests.measure.Outcome.Measured;
import dev.weft.loadtests.measure.Outcome.NotMeasured;
import dev.weft.loadtests.measure.Target.Statistic;
import dev.weft.loadtests.measure.Target.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetTest {

    private static final Map<String, Outcome> OUTCOMES = Map.of(
            "weft", new Measured(new Samples(List.of(2.0, 3.0, 9.0))),
            "peer", new Measured(new Samples(List.of(4.0))),
            "absent", new NotMeasured("gone"));

    @Test
    void aBoundIsComparedWithItsStatistic() {
        assertThat(new Target.AtMost("weft", Statistic.MEDIAN, 3).judge(OUTCOMES))
                .isEqualTo(new Verdict.Met(3));
        assertThat(new Target.AtMost("weft", Statistic.P99, 3).judge(OUTCOMES)).isEqualTo(new Verdict.Missed(9));
    }

    @Test
    void aFactorComparesMedians() {
        assertThat(new Target.AtLeastTimes("weft", 0.7, "peer").judge(OUTCOMES)).isEqualTo(new Verdict.Met(0.75));
        assertThat(new Target.AtLeastTimes("weft", 0.8, "peer").judge(OUTCOMES)).isEqualTo(new Verdict.Missed(0.75));
    }

    @Test
    void nearIsToEitherSide() {
        assertThat(new Target.Near("weft", 0.25, "peer").judge(OUTCOMES)).isEqualTo(new Verdict.Met(0.75));
        assertThat(new Target.Near("weft", 0.1, "peer").judge(OUTCOMES)).isEqualTo(new Verdict.Missed(0.75));
        assertThat(new Target.Near("peer", 0.1, "weft").judge(OUTCOMES)).isInstanceOf(Verdict.Missed.class);
        assertThat(new Target.Near("weft", 0.1, "absent").judge(OUTCOMES)).isEqualTo(new Verdict.Unknown());
    }

    @Test
    void withoutAFigureNothingIsClaimed() {
        assertThat(new Target.AtMost("absent", Statistic.MEDIAN, 3).judge(OUTCOMES))
                .isEqualTo(new Verdict.Unknown());
        assertThat(new Target.AtLeastTimes("weft", 0.1, "absent").judge(OUTCOMES))
                .isEqualTo(new Verdict.Unknown());
    }
}
