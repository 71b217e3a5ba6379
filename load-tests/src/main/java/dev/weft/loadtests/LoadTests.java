package dev.weft.loadtests;

import dev.weft.lab.LabSpec;
import dev.weft.loadtests.measure.Battery;
import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.ComparisonResult;
import dev.weft.loadtests.measure.Entrant;
import dev.weft.loadtests.measure.InterleavedRun;
import dev.weft.loadtests.measure.InterleavedRun.CancelledException;
import dev.weft.loadtests.micro.PureCode;
import dev.weft.loadtests.report.JsonReport;
import dev.weft.loadtests.report.MachineFacts;
import dev.weft.loadtests.report.Markdown;
import dev.weft.loadtests.report.Report;
import dev.weft.loadtests.scale.ScaleSuite;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The composition root of {@code make bench}: reads the options, gets the peers, runs the comparisons and writes the report to
 * the screen and into the directory that is the first argument.
 */
public final class LoadTests {

    private static final Duration TIDY_LIMIT = Duration.ofMinutes(2);

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
        } catch (CancelledException e) {
            screen.println("bench: cancelled; what was set up has been taken away, nothing is written");
        } catch (IllegalArgumentException e) {
            screen.println("bench: " + e.getMessage());
            System.exit(2);
        }
    }

    private void run(Path directory) throws IOException {
        List<Battery> batteries = wanted(new Scenarios(options.scale()).all());
        if (options.install()) {
            new PeerPackages(screen::println).installMissing();
        }
        List<Report.Section> sections = new ArrayList<>();
        InterleavedRun runner = new InterleavedRun(new ScreenProgress(screen));
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = cancelAtExit(runner, Thread.currentThread(), ended);
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            for (Battery battery : batteries) {
                sections.addAll(measured(runner, battery));
            }
        } finally {
            ended.countDown();
        }
        List<Report.PureFigure> pureFigures = wants(PureCode.KEY) ? pureCode() : List.of();
        String scale = wants(ScaleSuite.KEY) ? scale(directory) : "";
        Report report = new Report(MachineFacts.read(LabSpec.findHome()), sections, pureFigures);
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("benchmarks.md"), Markdown.of(report) + scale);
        Files.writeString(directory.resolve("benchmarks.json"), JsonReport.of(report));
        screen.println("written: " + directory.resolve("benchmarks.md") + " and benchmarks.json");
    }

    private List<Report.Section> measured(InterleavedRun runner, Battery battery) {
        for (Comparison comparison : battery.comparisons()) {
            screen.println("== " + comparison.title() + " (" + comparison.key() + ")");
        }
        double load = MachineFacts.load();
        long start = System.nanoTime();
        List<ComparisonResult> results = runner.run(battery);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        List<Report.Section> sections = results.stream()
                .map(result -> new Report.Section(result, load, took))
                .toList();
        sections.forEach(section -> screen.println(Markdown.of(section)));
        return sections;
    }

    /** Ctrl-C: the round that runs is broken off, and what was set up is taken away before the process ends. */
    private static Thread cancelAtExit(InterleavedRun runner, Thread measuring, CountDownLatch ended) {
        return Thread.ofPlatform().name("cancel").unstarted(() -> {
            if (ended.getCount() > 0) {
                runner.cancel();
                measuring.interrupt();
            }
            try {
                boolean tidy = ended.await(TIDY_LIMIT.toSeconds(), TimeUnit.SECONDS);
                if (!tidy) {
                    System.err.println(
                            "bench: taking everything away took too long; the next run removes what is left");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean wants(String scenario) {
        return options.wanted().isEmpty() || options.wanted().contains(scenario);
    }

    /** Returns the report of all sizes; what there is so far is in the directory. */
    private String scale(Path directory) throws IOException {
        Files.createDirectories(directory);
        AtomicReference<String> text = new AtomicReference<>("");
        try {
            ScaleSuite.run(options.nodes(), options.scale().percent(), screen::println, report -> {
                text.set(report.markdown());
                report.write(directory, LabSpec.findHome().resolve("load-tests/plots/scale.gp"))
                        .ifPresent(screen::println);
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        }
        screen.println(text.get());
        return text.get();
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

    private List<Battery> wanted(List<Battery> all) {
        Set<String> scenarios = all.stream().map(Battery::scenario).collect(Collectors.toCollection(TreeSet::new));
        scenarios.add(PureCode.KEY);
        scenarios.add(ScaleSuite.KEY);
        for (String key : options.wanted()) {
            if (!scenarios.contains(key)) {
                throw new IllegalArgumentException("BENCH: there is no scenario '" + key + "'; there are " + scenarios);
            }
        }
        return all.stream().filter(battery -> wants(battery.scenario())).toList();
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
