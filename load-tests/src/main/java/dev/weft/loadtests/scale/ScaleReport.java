package dev.weft.loadtests.scale;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.CommandFailedException;
import dev.weft.loadtests.report.TextTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Clusters of several sizes side by side: a table, how each figure grows, and plots. */
public final class ScaleReport {

    private static final int FAR = 100_000;

    private static final String METHOD =
            """
            ## How costs grow with the cluster (`%s`)

            Simulated nodes: the daemon's own code for sync, reconcile and reports on a kernel in memory, all in one process, each with a
            connection (TLS 1.3, its own certificate) of its own to one control plane, which is a process as on a real host, on one member of
            etcd. All of it shares this machine's processors: most of the time until the last node has a change is the simulation's own work
            for so many nodes, which a real cluster does on as many hosts. The simulated nodes look their kernels over every 5 minutes,
            daemons every 30 s.

            Every node has 20 endpoints, each in a sandbox of its own: one on an overlay that up to 1000 nodes share, 19 on an overlay of ten
            nodes. A change is an endpoint on the wide network: from the call until the kernels of all the nodes on it have it.

            ![Time until the last node has a change](%s)
            ![Memory of the control plane](%s)
            ![Processor time for a change](%s)
            ![Starts](%s)

            """.formatted(ScaleSuite.KEY, "scale-change.svg", "scale-memory.svg", "scale-cpu.svg", "scale-start.svg");

    private final List<Size> sizes;

    /** @param sizes in the order of the table */
    ScaleReport(List<Size> sizes) {
        this.sizes = List.copyOf(sizes);
    }

    /** What was measured of one cluster; a figure may be missing. */
    record Size(Layout layout, Map<Metric, Double> figures) {
        Size {
            figures = Map.copyOf(figures);
        }

        private double x(Metric metric) {
            return switch (metric.growsWith()) {
                case WIDE_NODES -> layout.wideNodes();
                case NODES -> layout.nodes();
                case ENDPOINTS -> layout.endpoints();
            };
        }
    }

    /** Method, plots, the table, and what became of the targets. */
    public String markdown() {
        List<String> head = new ArrayList<>(List.of("", "unit"));
        sizes.forEach(
                size -> head.add(size.layout().nodes() + " × " + size.layout().endpointsPerNode()));
        head.addAll(List.of("grows with", "exponent", "R²", "line: base", "per 1000", "R²"));
        TextTable table = new TextTable().row(head);
        for (Metric metric : Metric.values()) {
            List<String> cells = new ArrayList<>(List.of(metric.text(), metric.unit()));
            sizes.forEach(
                    size -> cells.add(cell(Optional.ofNullable(size.figures().get(metric)))));
            Optional<Growth> growth = Growth.through(points(metric));
            Optional<Line> line = Line.through(points(metric));
            cells.add(metric.growsWith().text());
            cells.add(cell(growth.map(Growth::exponent)));
            cells.add(cell(growth.map(Growth::fit)));
            cells.add(cell(line.map(Line::base)));
            cells.add(cell(line.map(straight -> straight.slope() * 1000)));
            cells.add(cell(line.map(Line::fit)));
            table.row(cells);
        }
        return METHOD + table + "\n" + targets() + "\n" + far();
    }

    private List<Growth.Point> points(Metric metric) {
        return sizes.stream()
                .filter(size -> size.figures().containsKey(metric))
                .map(size -> new Growth.Point(size.x(metric), size.figures().get(metric)))
                .toList();
    }

    private static String cell(Optional<Double> value) {
        return value.map(ScaleReport::number).orElse("–");
    }

    private String targets() {
        StringBuilder text = new StringBuilder();
        for (Size size : sizes) {
            size.figures().forEach((metric, value) -> {
                OptionalDouble target = metric.target(size.layout().nodes());
                if (target.isPresent()) {
                    text.append("- target: %d nodes, %s ≤ %s %s: %s (%s)%n"
                            .formatted(
                                    size.layout().nodes(),
                                    metric.key(),
                                    number(target.getAsDouble()),
                                    metric.unit(),
                                    value <= target.getAsDouble() ? "met" : "**missed**",
                                    number(value)));
                }
            });
        }
        return text.toString();
    }

    /** What the laws say of a cluster that nobody here can have. */
    private String far() {
        return Stream.of(Metric.RESIDENT, Metric.IDLE_CPU, Metric.CPU_PER_CHANGE, Metric.REDIAL_CPU, Metric.COLD_READY)
                .flatMap(metric -> Line.through(points(metric)).stream()
                        .map(line -> "- if it went on in a straight line, at %d nodes: %s: %s %s%n"
                                .formatted(
                                        FAR,
                                        metric.text(),
                                        number(line.at(metric.growsWith().of(FAR))),
                                        metric.unit())))
                .collect(Collectors.joining());
    }

    /**
     * Writes {@code scale.md}, {@code scale.tsv}, and the plots if gnuplot is there.
     *
     * @param directory exists
     * @return what could not be done
     */
    public Optional<String> write(Path directory, Path script) {
        StringBuilder lines = new StringBuilder("nodes\twide\tendpoints");
        for (Metric metric : Metric.values()) {
            lines.append('\t').append(metric.key());
        }
        lines.append('\n');
        for (Size size : sizes) {
            Layout layout = size.layout();
            lines.append(layout.nodes())
                    .append('\t')
                    .append(layout.wideNodes())
                    .append('\t')
                    .append(layout.endpoints());
            for (Metric metric : Metric.values()) {
                lines.append('\t')
                        .append(Optional.ofNullable(size.figures().get(metric))
                                .map(value -> String.format(Locale.ROOT, "%.6g", value))
                                .orElse("NaN"));
            }
            lines.append('\n');
        }
        try {
            Files.writeString(directory.resolve("scale.tsv"), lines);
            Files.writeString(directory.resolve("scale.md"), markdown());
            String unused = Command.of("gnuplot", "-e", "dir='" + directory + "'", script.toString())
                    .run();
            return Optional.empty();
        } catch (CommandFailedException e) {
            return Optional.of("no plots: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("write the report into " + directory, e);
        }
    }

    private static String number(double value) {
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
