package dev.weft.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.chaos.plan.Shape;
import dev.weft.chaos.report.Progress;
import dev.weft.chaos.report.SeedReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A short run of one seed: what {@code make chaos} does for longer, with more hosts. */
@Tag("lab")
@Tag("etcd")
@Tag("kafka")
final class ChaosIT {

    /** Its first round has a kill, a pause, a reset and tampering. */
    private static final long SEED = 135;

    @Test
    void aShortRunFindsNothingWrong() throws InterruptedException {
        Options options = new Options(
                SEED,
                1,
                Duration.ofSeconds(20),
                // Of a machine that is much busier than the one that this was written on.
                Duration.ofMinutes(4),
                "etcd",
                new Shape(2, 2, 3, true, false),
                false);
        SeedReport report;
        try (Progress progress =
                new Progress(new PrintStream(System.out, true, java.nio.charset.StandardCharsets.UTF_8))) {
            report = new SeedRun(SEED, options, progress, Path.of("target", "chaos", "seed-" + SEED)).run();
        }
        assertThat(report.violations()).isEmpty();
        assertThat(report.rounds()).isPositive();
        assertThat(report.faults()).isNotEmpty();
        assertThat(report.actions().get("done")).isGreaterThan(3);
        assertThat(report.looks())
                .hasSizeGreaterThan(8)
                .allSatisfy((kind, count) -> assertThat(count).as(kind).isNotNegative());
    }
}
