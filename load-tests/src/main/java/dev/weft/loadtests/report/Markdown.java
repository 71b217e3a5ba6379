package dev.weft.loadtests.report;

import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.ComparisonResult;
import dev.weft.loadtests.measure.ComparisonResult.Row;
import dev.weft.loadtests.measure.Entrant.Side;
import dev.weft.loadtests.measure.Outcome;
import dev.weft.loadtests.measure.Outcome.Measured;
import dev.weft.loadtests.measure.Outcome.NotFinished;
import dev.weft.loadtests.measure.Outcome.NotMeasured;
import dev.weft.loadtests.measure.Samples;
import dev.weft.loadtests.measure.Target;
import dev.weft.loadtests.measure.Target.Verdict;
import dev.weft.loadtests.measure.Unit;
import dev.weft.loadtests.measure.Unit.Better;
import dev.weft.loadtests.report.Report.PureFigure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as Markdown that also reads well on a screen. */
public final class Markdown {

    private static final String METHOD = """
            Contenders of one comparison run in the same process run on the same machine, interleaved: in each round every
            contender does the work once, and the order moves on by one. Warm-up rounds come first and are not counted.
            Percentiles are nearest-rank. Hosts are network namespaces. Compare the ratios; the times are this machine's.
            A contender that could not take part, or failed in any round, has no figures, only the reason. One that was stopped
            because it took too long has that bound, and ratios to it are bounds.
            """;

    private Markdown() {}

    /** The whole report. */
    public static String of(Report report) {
        StringBuilder text = new StringBuilder("# Benchmarks\n\n");
        text.append(MachineFacts.asText(report.facts())).append('\n');
        text.append(METHOD).append('\n');
        report.sections().forEach(section -> text.append(of(section)));
        if (!report.pureFigures().isEmpty()) {
            text.append(of(report.pureFigures()));
        }
        return text.toString().stripTrailing() + "\n";
    }

    /** One comparison. */
    public static String of(Report.Section section) {
        ComparisonResult result = section.result();
        Comparison comparison = result.comparison();
        StringBuilder text = new StringBuilder();
        text.append("## ")
                .append(comparison.title())
                .append(" (`")
                .append(comparison.key())
                .append("`)\n\n");
        text.append("n = %d after %d warm-up rounds; %s, %s is better; load average before: %.2f; took %d s.\n\n"
                .formatted(
                        comparison.rounds(),
                        comparison.warmUps(),
                        comparison.unit().symbol(),
                        comparison.unit().better().name().toLowerCase(Locale.ROOT),
                        section.loadBefore(),
                        section.took().toSeconds()));
        text.append(figures(result)).append('\n');
        ratios(result, text);
        reasons(result, text);
        targets(result, text);
        result.rows()
                .forEach(row -> text.append("- ")
                        .append(row.entrant().name())
                        .append(": ")
                        .append(row.entrant().method())
                        .append('\n'));
        comparison.notes().forEach(note -> text.append("- ").append(note).append('\n'));
        return text.append('\n').toString();
    }

    /** The pure code's figures. */
    public static String of(List<PureFigure> figures) {
        TextTable table = new TextTable().row(List.of("", "given", "median µs", "min", "max", "n"));
        figures.forEach(figure -> table.row(List.of(
                figure.name(),
                figure.given(),
                number(figure.median()),
                number(figure.minimum()),
                number(figure.maximum()),
                Integer.toString(figure.n()))));
        return "## Pure code (`pure`)\n\nJMH, average time of a call over iterations of half a second, in one JVM a benchmark;"
                + " no peer: for comparison between versions.\n\n" + table + "\n";
    }

    private static TextTable figures(ComparisonResult result) {
        Unit unit = result.comparison().unit();
        TextTable table = new TextTable()
                .row(List.of("", "median", unit.better() == Better.LOWER ? "p99" : "p1", "min", "max", "n"));
        for (Row row : result.rows()) {
            table.row(
                    switch (row.outcome()) {
                        case Measured(Samples samples) ->
                            List.of(
                                    row.entrant().name(),
                                    number(samples.median()),
                                    number(unit.tail(samples)),
                                    number(samples.minimum()),
                                    number(samples.maximum()),
                                    Integer.toString(samples.count()));
                        case NotFinished(Duration after) ->
                            List.of(
                                    row.entrant().name() + ": not finished after " + after.toSeconds() + " s",
                                    "",
                                    "",
                                    "",
                                    "",
                                    "");
                        case NotMeasured _ -> List.of(row.entrant().name() + ": not measured", "", "", "", "", "");
                    });
        }
        return table;
    }

    private static void ratios(ComparisonResult result, StringBuilder text) {
        List<Row> own = result.rows().stream()
                .filter(row -> row.entrant().side() == Side.WEFT && row.outcome() instanceof Measured)
                .toList();
        List<Row> others = result.rows().stream()
                .filter(row -> row.entrant().side() != Side.WEFT && !(row.outcome() instanceof NotMeasured))
                .toList();
        if (own.isEmpty() || others.isEmpty()) {
            return;
        }
        List<String> head = new ArrayList<>(List.of("ratio of medians"));
        others.forEach(row -> head.add("÷ " + row.entrant().name()));
        TextTable table = new TextTable().row(head);
        for (Row row : own) {
            List<String> cells = new ArrayList<>(List.of(row.entrant().name()));
            others.forEach(
                    other -> cells.add(ratio(row, other, result.comparison().unit())));
            table.row(cells);
        }
        text.append(table).append('\n');
    }

    private static void reasons(ComparisonResult result, StringBuilder text) {
        for (Row row : result.rows()) {
            if (row.outcome() instanceof NotMeasured(String reason)) {
                text.append("- not measured: ")
                        .append(row.entrant().name())
                        .append(": ")
                        .append(reason)
                        .append('\n');
            }
        }
    }

    /** What did not finish would have taken longer than it was given, so the ratio to that is a bound. */
    private static String ratio(Row own, Row other, Unit unit) {
        return switch (other.outcome()) {
            case Measured(Samples samples) -> quotient(median(own), samples.median());
            case NotFinished(Duration after) ->
                unit == Unit.MILLISECONDS ? "< " + quotient(median(own), (double) after.toMillis()) : "–";
            case NotMeasured _ -> "–";
        };
    }

    /** Nothing is so many times nothing. */
    private static String quotient(double dividend, double divisor) {
        return divisor == 0 ? "–" : number(dividend / divisor);
    }

    private static double median(Row row) {
        return switch (row.outcome()) {
            case Measured(Samples samples) -> samples.median();
            case NotFinished _, NotMeasured _ ->
                throw new IllegalArgumentException(row.entrant().name() + " was not measured");
        };
    }

    private static void targets(ComparisonResult result, StringBuilder text) {
        Map<String, Outcome> outcomes = result.outcomes();
        String symbol = result.comparison().unit().symbol();
        for (Target target : result.comparison().targets()) {
            String wish = switch (target) {
                case Target.AtMost(String name, Target.Statistic statistic, double bound) ->
                    "%s, %s ≤ %s %s".formatted(name, statistic.name().toLowerCase(Locale.ROOT), number(bound), symbol);
                case Target.AtLeastTimes(String name, double factor, String peer) ->
                    "%s ≥ %s × %s".formatted(name, number(factor), peer);
                case Target.Near(String name, double tolerance, String other) ->
                    "%s = %s ± %.0f %%".formatted(name, other, tolerance * 100);
            };
            String verdict = switch (target.judge(outcomes)) {
                case Verdict.Met(double shown) -> "met (" + number(shown) + ")";
                case Verdict.Missed(double shown) -> "**missed** (" + number(shown) + ")";
                case Verdict.Unknown _ -> "not measured";
            };
            text.append("- target: ").append(wish).append(": ").append(verdict).append('\n');
        }
    }

    /** Three significant digits or so: more would be noise. */
    private static String number(double value) {
        if (value == 0) {
            return "0";
        }
        String format = Math.abs(value) >= 100
                ? "%.0f"
                : Math.abs(value) >= 10
                        ? "%.1f"
                        : Math.abs(value) >= 0.1 ? "%.2f" : Math.abs(value) >= 0.001 ? "%.4f" : "%.2g";
        return String.format(Locale.ROOT, format, value);
    }
}
