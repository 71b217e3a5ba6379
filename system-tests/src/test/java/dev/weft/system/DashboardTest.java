package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.events.publish.PublisherStatus;
import dev.weft.controlplane.metrics.ControlPlaneMetrics;
import dev.weft.controlplane.service.ClusterFigures;
import dev.weft.controlplane.store.CommitObserver.Outcome;
import dev.weft.lab.LabSpec;
import dev.weft.node.metrics.NodeMetrics;
import dev.weft.node.reconcile.RowState;
import dev.weft.ops.Readiness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard and the rules under deploy/ speak of metrics that there are, and the rules do what they say. */
final class DashboardTest {

    private static final Path HOME = LabSpec.findHome();
    private static final Path RULES = HOME.resolve("deploy/prometheus");
    private static final Pattern METRIC = Pattern.compile("\\b(?:weft|jvm|process|system)_[a-z0-9_]+\\b");
    private static final Pattern RECORDED = Pattern.compile("\\bweft:[a-z0-9_]+:[a-z0-9_]+\\b");
    private static final Pattern ALERT = Pattern.compile("(?m)^ *- alert: (\\w+)$");

    private static String read(String file) throws IOException {
        return Files.readString(HOME.resolve("deploy").resolve(file));
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(matcher.groupCount()));
        }
        return found;
    }

    /** The series that both daemons tell once everything has happened. */
    private static Set<String> exported() {
        StringBuilder text = new StringBuilder();
        try (ControlPlaneMetrics metrics = new ControlPlaneMetrics("test", Clock.systemUTC())) {
            metrics.show(new ControlPlaneMetrics.Sources(
                    () -> Readiness.READY,
                    () -> new ClusterFigures(
                            1,
                            Map.of(),
                            1,
                            1,
                            Map.of(),
                            0,
                            List.of(new ClusterFigures.Addresses("blue", "", "ipv4", 1, 1, 1)),
                            0),
                    () -> Duration.ZERO,
                    () -> 0L,
                    () -> true,
                    () -> Optional.of(new PublisherStatus.NotLeading()),
                    () -> 0L));
            metrics.ended(Outcome.COMMITTED, 1, 0, Duration.ofMillis(1));
            metrics.programmed(Duration.ofMillis(1));
            metrics.repaired("link", 1);
            metrics.called("weft.api.v1.NetworkService/GetNetwork", "OK", Duration.ofMillis(1));
            text.append(metrics.scrape());
        }
        try (NodeMetrics metrics = new NodeMetrics("test")) {
            metrics.show(new NodeMetrics.Sources(
                    () -> Readiness.READY,
                    () -> true,
                    () -> 1,
                    () -> 1,
                    () -> Map.of(RowState.Stage.READY, 1L),
                    () -> OptionalLong.of(1)));
            metrics.passed(Duration.ofMillis(1), 1);
            metrics.answered("local", 0);
            metrics.connected();
            text.append(metrics.scrape());
        }
        // Only after a first collection is there anything to tell of them.
        return all(Pattern.compile("(?m)^([a-z0-9_]+)[{ ]"), text + "jvm_gc_pause_seconds_sum \n");
    }

    @Test
    void theDashboardAndTheRulesUseMetricsThatThereAre() throws IOException {
        Set<String> exported = exported();
        for (String file : List.of(
                "grafana/weft.json",
                "prometheus/recording.yml",
                "prometheus/alerts.yml",
                "prometheus/alerts_test.yml")) {
            assertThat(all(METRIC, read(file)))
                    .as("metrics in " + file)
                    .isNotEmpty()
                    .isSubsetOf(exported);
        }
        Set<String> recorded = all(Pattern.compile("record: (\\S+)"), read("prometheus/recording.yml"));
        assertThat(all(RECORDED, read("grafana/weft.json") + read("prometheus/alerts.yml")))
                .isNotEmpty()
                .isSubsetOf(recorded);
    }

    @Test
    void everyMetricOfOursIsDescribedAndOnTheDashboard() throws IOException {
        String metrics = Files.readString(HOME.resolve("docs/metrics.md"));
        String shown = read("grafana/weft.json") + read("prometheus/recording.yml") + read("prometheus/alerts.yml");
        assertThat(exported()).filteredOn(name -> name.startsWith("weft_")).allSatisfy(name -> {
            String base = name.replaceFirst("_(bucket|count|sum|max)$", "");
            assertThat(metrics).contains("`" + base + "`");
            assertThat(shown).contains(base);
        });
    }

    @Test
    void everyAlertHasACaseInWhichItFires() throws IOException {
        String cases = read("prometheus/alerts_test.yml");
        assertThat(all(ALERT, read("prometheus/alerts.yml")))
                .isNotEmpty()
                .allSatisfy(alert ->
                        assertThat(cases).containsPattern("alertname: " + alert + "\\s+exp_alerts:\\s+- exp_labels"));
    }

    @Test
    void promtoolAgrees() throws Exception {
        assertThat(promtool("check", "rules", "recording.yml", "alerts.yml")).contains("SUCCESS");
        assertThat(promtool("check", "config", "prometheus.yml")).contains("SUCCESS");
        assertThat(promtool("test", "rules", "alerts_test.yml")).contains("SUCCESS");
    }

    private static String promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(HOME.resolve("target/promtool/promtool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(RULES.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
