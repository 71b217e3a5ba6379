package dev.weft.loadtests.scale;

import dev.weft.loadtests.scale.ScaleReport.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Clusters of growing size, one after the other, with the same work in each. */
public final class ScaleSuite {

    /** Its name among the scenarios. */
    public static final String KEY = "scale";

    private static final int ENDPOINTS_PER_NODE = 20;
    private static final int NODES_PER_GROUP = 10;

    /** With more, the simulated nodes would not fit: each holds all of the network's endpoints, as a real one does. */
    private static final int MOST_WIDE = 1000;

    private static final int WARM_UPS = 20;
    private static final int ROUNDS = 100;
    private static final int CREATES_PER_SECOND = 100;
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final int FLEET_HEAP_MEBIBYTES = 14 * 1024;

    private ScaleSuite() {}

    /**
     * Measures them. A cluster that cannot be measured is told to the screen and has no figures.
     *
     * @param nodes of each cluster
     * @param percent of the usual rounds
     * @param soFar gets what there is after each cluster: the large ones take long
     */
    public static void run(List<Integer> nodes, int percent, Consumer<String> screen, Consumer<ScaleReport> soFar)
            throws InterruptedException {
        List<Size> sizes = new ArrayList<>();
        for (int count : nodes) {
            Layout layout = new Layout(count, Math.min(count, MOST_WIDE), ENDPOINTS_PER_NODE, NODES_PER_GROUP);
            screen.accept("== " + count + " simulated nodes, " + layout.endpoints() + " endpoints (" + KEY + ")");
            Map<Metric, Double> figures;
            try {
                figures = ScaleRun.measure(
                        layout,
                        new ScaleRun.Effort(
                                WARM_UPS,
                                Math.max(1, ROUNDS * percent / 100),
                                CREATES_PER_SECOND,
                                IDLE,
                                FLEET_HEAP_MEBIBYTES),
                        line -> screen.accept("   " + line));
            } catch (RuntimeException e) {
                screen.accept("   not measured: " + e.getMessage());
                figures = Map.of();
            }
            sizes.add(new Size(layout, figures));
            soFar.accept(new ScaleReport(sizes));
        }
    }
}
