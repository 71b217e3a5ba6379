package dev.weft.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.chaos.plan.FaultKind;
import dev.weft.chaos.plan.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MarkdownTest {

    private static SeedReport report(List<String> violations) {
        return new SeedReport(
                7,
                "etcd",
                new Shape(5, 2, 3, true, false),
                Duration.ofSeconds(61),
                3,
                Map.of("done", 40, "answers lost", 2),
                Map.of(FaultKind.ONE_WAY_PARTITION, 2, FaultKind.KILL, 1),
                Map.of(FaultKind.PAUSE, 1),
                Map.of("links", 100, "rules", 50),
                List.of(Duration.ofMillis(1500), Duration.ofMillis(900), Duration.ofMillis(4000)),
                violations);
    }

    @Test
    void aSeedIsALineAndASection() {
        String text = Markdown.of("Linux 6", List.of(report(List.of())));
        assertThat(text)
                .contains("| 7 | etcd | 5 | 2 | 3 | 61 s | 3 | 40 | 2 | 3 | 150 | 1.5 s / 4.0 s | 0 |")
                .contains("\n## Seed 7\n", "| one way partition | 2 |", "| links | 100 |", "No violations.\n")
                .contains("| planned, with nothing to do it to | |\n|---|---|\n| pause | 1 |");
    }

    @Test
    void violationsAreListed() {
        assertThat(Markdown.of("Linux 6", List.of(report(List.of("after round 2: links: gone")))))
                .contains("| 1 |\n", "Violations:\n- after round 2: links: gone\n")
                .doesNotContain("No violations");
    }
}
