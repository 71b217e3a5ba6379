package dev.weft.loadtests.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.loadtests.scale.Growth.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthTest {

    @Test
    void findsThePowerThatPointsFollow() {
        assertThat(Growth.through(List.of(new Point(10, 30), new Point(100, 3000), new Point(1000, 300_000))))
                .hasValueSatisfying(law -> {
                    assertThat(law.exponent()).isCloseTo(2, within(1e-9));
                    assertThat(law.fit()).isCloseTo(1, within(1e-9));
                    assertThat(law.at(20)).isCloseTo(120, within(1e-6));
                });
    }

    @Test
    void whatFollowsNoPowerFitsBadly() {
        assertThat(Growth.through(
                        List.of(new Point(10, 5), new Point(100, 1), new Point(1000, 6), new Point(10_000, 2))))
                .hasValueSatisfying(law -> assertThat(law.fit()).isLessThan(0.5));
    }

    @Test
    void twoSizesSayNothing() {
        assertThat(Growth.through(List.of(new Point(10, 5), new Point(10, 6), new Point(100, 1))))
                .isEmpty();
        assertThat(Growth.through(List.of(new Point(10, 5), new Point(100, 0), new Point(1000, 1))))
                .as("a figure of 0 has no logarithm")
                .isEmpty();
    }
}
