package dev.weft.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.loadtests.scenario.Scenarios.Scale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void withoutAnythingAllIsRunInFull() {
        assertThat(Options.parse(Map.of())).isEqualTo(new Options(Set.of(), new Scale(100), true));
    }

    @Test
    void everyOption() {
        assertThat(Options.parse(Map.of("BENCH", "attach, throughput,", "BENCH_SCALE", "10", "BENCH_INSTALL", "no")))
                .isEqualTo(new Options(Set.of("attach", "throughput"), new Scale(10), false));
    }

    @Test
    void badValuesNameTheirVariable() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(Map.of("BENCH_SCALE", "half")))
                .withMessageContaining("BENCH_SCALE")
                .withMessageContaining("half");
        assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(Map.of("BENCH_SCALE", "0")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(Map.of("BENCH_INSTALL", "maybe")))
                .withMessageContaining("BENCH_INSTALL");
    }
}
