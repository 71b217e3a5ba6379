package dev.weft.loadtests;

import dev.weft.lab.LabSpec;
import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.ComparisonResult;
import dev.weft.loadtests.measure.Entrant;
import dev.weft.loadtests.measure.InterleavedRun;
import dev.weft.loadtests.micro.PureCode;
import dev.weft.loadtests.report.JsonReport;
import dev.weft.loadtests.report.MachineFacts;
import dev.weft.loadtests.report.Markdown;
import dev.weft.loadtests.report.Report;
import dev.weft.loadtests.scenario.Scenarios;
import dev.weft.loadtests.setup.PeerPackages;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The composition root of {@code make bench}: reads the options, gets the peers, runs the comparisons and writes the report to
 * the screen and into the directory that is the first argument.
 */
public final class LoadTests {

    private final PrintStream screen;
    private final Options options;

    private LoadTests(PrintStream screen, Options options) {
        this.screen = screen;
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream screen = System.err;
        if (arguments.length != 1) {
            screen.println("usage: LoadTests DIRECTORY\n" + Options.USAGE);
            System.exit(2);
        }
        try {
            new LoadTests(screen, Options.parse(System.getenv())).run(Path.of(arguments[0]));
        } catch (IllegalArgumentException e) {
            screen.println("bench: " + e.getMessage());
            System.exit(2);
        }
    }

    private void run(Path directory) throws IOException {
        List<Comparison> comparisons = wanted(new Scenarios(options.scale()).all());
        if (options.install()) {
            new PeerPackages(screen::println).installMissing();
        }
        InterleavedRun runner = new InterleavedRun(new ScreenProgress(screen));
        List<Report.Section> sections = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            screen.println("== " + comparison.title() + " (" + comparison.key() + ")");
            double load = MachineFacts.load();
            long start = System.nanoTime();
            ComparisonResult result = runner.run(comparison);
            Report.Section section = new Report.Section(result, load, Duration.ofNanos(System.nanoTime() - start));
            sections.add(section);
            screen.println(Markdown.of(section));
        }
        List<Report.PureFigure> pureFigures = wantsPureCode() ? pureCode() : List.of();
        Report report = new Report(MachineFacts.read(LabSpec.findHome()), sections, pureFigures);
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("benchmarks.md"), Markdown.of(report));
        Files.writeString(directory.resolve("benchmarks.json"), JsonReport.of(report));
        screen.println("written: " + directory.resolve("benchmarks.md") + " and benchmarks.json");
    }

    private boolean wantsPureCode() {
        return options.wanted().isEmpty() || options.wanted().contains(PureCode.KEY);
    }

    private List<Report.PureFigure> pureCode() throws IOException {
        screen.println("== Pure code (" + PureCode.KEY + ")");
        try {
            List<Report.PureFigure> figures = PureCode.run(options.scale().of(10));
            screen.println(Markdown.of(figures));
            return figures;
        } catch (RunnerException e) {
            throw new IOException("the JMH benchmarks failed: " + e.getMessage(), e);
        }
    }

    private List<Comparison> wanted(List<Comparison> all) {
        Set<String> keys = all.stream().map(Comparison::key).collect(Collectors.toCollection(TreeSet::new));
        keys.add(PureCode.KEY);
        for (String key : options.wanted()) {
            if (!keys.contains(key)) {
                throw new IllegalArgumentException("BENCH: there is no comparison '" + key + "'; there are " + keys);
            }
        }
        return all.stream()
                .filter(comparison ->
                        options.wanted().isEmpty() || options.wanted().contains(comparison.key()))
                .toList();
    }

    private record ScreenProgress(PrintStream screen) implements InterleavedRun.Progress {

        @Override
        public void opening(Entrant entrant) {
            screen.println("   set up: " + entrant.name());
        }

        @Override
        public void problem(Entrant entrant, String what) {
            screen.println("   " + entrant.name() + ": " + what);
        }

        @Override
        public void roundDone(int done, int total) {
            if (done == total || done % Math.max(1, total / 10) == 0) {
                screen.println("   round " + done + " of " + total);
            }
        }
    }
}
