package dev.weft.loadtests.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.loadtests.scale.ScaleRun.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulation against a real control plane, as small as can be: the benchmark itself is not run by the tests. */
@Tag("lab")
class ScaleRunIT {

    @Test
    void aClusterOfSimulatedNodesIsMeasuredFromItsFillingToItsRestart() throws InterruptedException {
        List<String> progress = new ArrayList<>();
        Map<Metric, Double> figures = ScaleRun.measure(
                new Layout(3, 3, 2, 3), new Effort(1, 2, 5, Duration.ofSeconds(1), 512), progress::add);
        assertThat(figures).containsOnlyKeys(Metric.values());
        // 3 nodes have 3 networks of their own and the 2 shared ones, 2 tunnels and 2 peers of the wide one, 2 tunnels
        // and 2
        // peers of the group's, 2 sandboxes and 2 endpoints.
        assertThat(progress).contains("all nodes have them: " + 3 * (3 + 2 + 4 + 4 + 4) + " rows");
        assertThat(progress).anyMatch(line -> line.endsWith("calls that failed: 0"));
        assertThat(figures.get(Metric.BYTES_PER_CHANGE)).isGreaterThan(100);
        assertThat(figures.get(Metric.COLD_READY)).isPositive();
        assertThat(figures.get(Metric.COLD_SETTLED)).isPositive();
    }
}
