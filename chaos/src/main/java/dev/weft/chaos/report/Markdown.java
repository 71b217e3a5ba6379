package dev.weft.chaos.report;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reports as Markdown. */
public final class Markdown {

    private Markdown() {}

    /** @param machine a line on kernel and versions */
    public static String of(String machine, List<SeedReport> reports) {
        StringBuilder text = new StringBuilder("# Chaos\n\n" + machine + "\n\n");
        text.append(
                "| seed | store | hosts | control planes | etcd | time | rounds | requests done | answers lost | faults | looks"
                        + " | settled, median / longest | violations |\n");
        text.append("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (SeedReport report : reports) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | %d | %d | %d | %d s | %d | %d | %d | %d | %d | %s | %d |%n",
                    report.seed(),
                    report.store(),
                    report.shape().hosts(),
                    report.shape().controlPlanes(),
                    report.shape().etcdMembers(),
                    report.took().toSeconds(),
                    report.rounds(),
                    report.actions().getOrDefault("done", 0),
                    report.actions().getOrDefault("answers lost", 0),
                    sum(report.faults()),
                    sum(report.looks()),
                    settled(report.settled()),
                    report.violations().size()));
        }
        for (SeedReport report : reports) {
            text.append("\n## Seed ").append(report.seed()).append("\n\n");
            table(text, "requests", report.actions());
            table(text, "faults", report.faults());
            table(text, "planned, with nothing to do it to", report.impossible());
            table(text, "looks", report.looks());
            text.append(report.violations().isEmpty() ? "No violations.\n" : "Violations:\n");
            report.violations()
                    .forEach(violation -> text.append("- ").append(violation).append('\n'));
        }
        return text.toString();
    }

    private static void table(StringBuilder text, String title, Map<?, Integer> counts) {
        if (!counts.isEmpty()) {
            text.append("| ").append(title).append(" | |\n|---|---|\n");
            counts.forEach((what, count) ->
                    text.append("| ").append(what).append(" | ").append(count).append(" |\n"));
            text.append('\n');
        }
    }

    private static int sum(Map<?, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String settled(List<Duration> times) {
        if (times.isEmpty()) {
            return "-";
        }
        List<Duration> sorted = times.stream().sorted().toList();
        return seconds(sorted.get(sorted.size() / 2)) + " / " + seconds(sorted.getLast());
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
