package dev.weft.chaos;

import dev.weft.chaos.plan.Plan;
import dev.weft.chaos.report.Markdown;
import dev.weft.chaos.report.Progress;
import dev.weft.chaos.report.SeedReport;
import dev.weft.lab.LabException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The composition root of {@code make chaos}: reads the options, runs seed after seed, and writes the report into the directory
 * that is the first argument. With {@code --plan} it prints the plans and does nothing.
 */
public final class Chaos {

    /** Of a plan that is printed: the rounds of some minutes. */
    private static final int PRINTED_ROUNDS = 20;

    private final Options options;
    private final PrintStream screen;
    private final Path directory;

    Chaos(Options options, PrintStream screen, Path directory) {
        this.options = options;
        this.screen = screen;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream screen = System.out;
        if (arguments.length != 1) {
            System.err.println("usage: Chaos DIRECTORY|--plan\n" + Options.USAGE);
            System.exit(2);
        }
        try {
            Options options = Options.parse(System.getenv());
            if (arguments[0].equals("--plan")) {
                for (long seed = options.seed(); seed < options.seed() + options.seeds(); seed++) {
                    screen.print(Plan.of(seed, options.shape(), PRINTED_ROUNDS).text());
                }
                return;
            }
            System.exit(new Chaos(options, screen, Path.of(arguments[0])).run() ? 0 : 1);
        } catch (IllegalArgumentException | LabException e) {
            // What was being done to the lab fails, too, when it is taken down meanwhile.
            System.err.println("chaos: " + e.getMessage());
            System.exit(2);
        } catch (InterruptedException | IllegalStateException e) {
            if (e instanceof IllegalStateException defect
                    && !Thread.currentThread().isInterrupted()) {
                throw defect;
            }
            System.err.println("chaos: interrupted; the lab is taken down");
        }
    }

    /** @return whether nothing was wrong */
    boolean run() throws IOException, InterruptedException {
        List<SeedReport> reports = new ArrayList<>();
        Runtime.getRuntime().addShutdownHook(stopAtExit(Thread.currentThread()));
        try (Progress progress = new Progress(screen)) {
            for (long seed = options.seed(); seed < options.seed() + options.seeds(); seed++) {
                reports.add(new SeedRun(seed, options, progress, directory.resolve("seed-" + seed)).run());
            }
        }
        Files.createDirectories(directory);
        Path file = directory.resolve("report.md");
        String report = Markdown.of(Machine.describe(), reports);
        Files.writeString(file, report);
        screen.println(report);
        screen.println("written: " + file);
        List<SeedReport> failed =
                reports.stream().filter(each -> !each.violations().isEmpty()).toList();
        failed.forEach(each -> screen.println(
                "chaos: seed " + each.seed() + " has violations; again: " + options.replay(each.seed())));
        return failed.isEmpty();
    }

    /** Ctrl-C: the lab removes itself; nobody shall start its processes again meanwhile. */
    private static Thread stopAtExit(Thread running) {
        return Thread.ofPlatform().name("stop").unstarted(running::interrupt);
    }
}
