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
                    assertThat(law.factor()).isCloseTo(0.3, within(1e-9));
                    assertThat(law.fit()).isCloseTo(1, within(1e-9));
                });
    }

    @Test
    void whatFollowsNoPowerFitsBadly() {
        assertThat(Growth.through(
                        List.of(new Point(10, 5), new Point(100, 1), new Point(1000, 6), new Point(10_000, 2))))
                .hasValueSatisfying(law -> assertThat(law.fit()).isLessThan(0.5));
    }

    @Test
    void aLineHasABaseThatAPowerHasNot() {
        List<Point> points = List.of(new Point(10, 210), new Point(100, 300), new Point(1000, 1200));
        assertThat(Line.through(points)).hasValueSatisfying(line -> {
            assertThat(line.base()).isCloseTo(200, within(1e-6));
            assertThat(line.at(100_000)).isCloseTo(100_200, within(1e-3));
            assertThat(line.fit()).isCloseTo(1, within(1e-9));
        });
        assertThat(Growth.through(points))
                .hasValueSatisfying(law -> assertThat(law.exponent()).isLessThan(0.5));
        assertThat(Line.through(points.subList(0, 2))).isEmpty();
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
