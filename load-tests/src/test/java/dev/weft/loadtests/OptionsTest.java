package dev.weft.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.loadtests.scenario.Scenarios.Scale;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void withoutAnythingAllIsRunInFull() {
        assertThat(Options.parse(Map.of()))
                .isEqualTo(new Options(Set.of(), new Scale(100), true, List.of(25, 100, 250, 500, 1000, 5000)));
    }

    @Test
    void everyOption() {
        assertThat(Options.parse(Map.of(
                        "BENCH",
                        "attach, throughput,",
                        "BENCH_SCALE",
                        "10",
                        "BENCH_INSTALL",
                        "no",
                        "BENCH_NODES",
                        "5, 50")))
                .isEqualTo(new Options(Set.of("attach", "throughput"), new Scale(10), false, List.of(5, 50)));
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
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(Map.of("BENCH_NODES", "25,many")))
                .withMessageContaining("BENCH_NODES")
                .withMessageContaining("many");
    }
}
