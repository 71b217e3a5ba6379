package dev.weft.loadtests.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

    private static final Samples ONE_TO_HUNDRED = new Samples(
            IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList());

    @Test
    void percentilesAreMeasuredValues() {
        assertThat(ONE_TO_HUNDRED.median()).isEqualTo(50);
        assertThat(ONE_TO_HUNDRED.percentile(99)).isEqualTo(99);
        assertThat(ONE_TO_HUNDRED.minimum()).isEqualTo(1);
        assertThat(ONE_TO_HUNDRED.maximum()).isEqualTo(100);
    }

    @Test
    void oneSampleIsItsOwnEveryPercentile() {
        Samples one = new Samples(List.of(7.0));
        assertThat(one.median()).isEqualTo(7);
        assertThat(one.percentile(99)).isEqualTo(7);
        assertThat(one.percentile(0)).isEqualTo(7);
    }

    @Test
    void nothingAndNonsenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Samples(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Samples(List.of(Double.NaN)));
        assertThatIllegalArgumentException().isThrownBy(() -> ONE_TO_HUNDRED.percentile(101));
    }
}
