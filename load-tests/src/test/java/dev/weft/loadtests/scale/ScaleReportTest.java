package dev.weft.loadtests.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.loadtests.scale.ScaleReport.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleReportTest {

    private static Size size(int nodes, Map<Metric, Double> figures) {
        return new Size(new Layout(nodes, nodes, 20, 10), figures);
    }

    private static final ScaleReport REPORT = new ScaleReport(List.of(
            size(25, Map.of(Metric.RESIDENT, 100.0, Metric.CHANGE_QUIET_P99, 101.0)),
            size(100, Map.of(Metric.RESIDENT, 200.0)),
            size(1000, Map.of(Metric.RESIDENT, 632.4555, Metric.CHANGE_QUIET_P99, 249.0)),
            size(5000, Map.of())));

    @Test
    void theTableHasEverySizeAndHowItGrows() {
        assertThat(REPORT.markdown().lines().filter(line -> line.contains("resident")))
                .first()
                .asString()
                .matches("\\|.*resident memory +\\| +MiB +\\| +100 +\\| +200 +\\| +632 +\\| +– +\\| +endpoints"
                        + " +\\| +0\\.50 +\\| +1\\.00 +\\|.*");
    }

    @Test
    void targetsAreJudgedForTheSizesThatHaveOne() {
        assertThat(REPORT.markdown())
                .contains("target: 25 nodes, change-quiet-p99 ≤ 100 ms: **missed** (101)")
                .contains("target: 1000 nodes, change-quiet-p99 ≤ 250 ms: met (249)")
                .doesNotContain("target: 5000")
                .contains("in a straight line, at 100000 nodes: control plane: resident memory: ");
    }

    @Test
    void theFileHasALineForEachSizeAndWhatWasNotMeasuredIsNoNumber(@TempDir Path directory) throws IOException {
        var unusedPlots = REPORT.write(directory, directory.resolve("no-script"));
        List<String> lines = Files.readAllLines(directory.resolve("scale.tsv"));
        assertThat(lines).hasSize(5);
        assertThat(lines.getFirst()).startsWith("nodes\twide\tendpoints\t").contains("\tresident\t");
        assertThat(lines.get(4)).startsWith("5000\t5000\t100000\tNaN\t");
        int column = List.of(lines.getFirst().split("\t")).indexOf("resident");
        assertThat(lines.get(2).split("\t")[column]).isEqualTo("200.000");
    }
}
