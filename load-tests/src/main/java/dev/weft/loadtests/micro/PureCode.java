package dev.weft.loadtests.micro;

import dev.weft.loadtests.report.Report.PureFigure;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs this package's JMH benchmarks, each in a JVM of its own. */
public final class PureCode {

    /** As in {@code BENCH=pure}. */
    public static final String KEY = "pure";

    private static final int WARM_UPS = 2;
    private static final TimeValue ITERATION = TimeValue.milliseconds(500);

    private PureCode() {}

    /** @param iterations counted ones of half a second, after two that are not */
    public static List<PureFigure> run(int iterations) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(PureCode.class.getPackageName() + "\\..*Benchmark")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(ITERATION)
                .measurementIterations(iterations)
                .measurementTime(ITERATION)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        return results.stream().map(PureCode::figure).toList();
    }

    private static PureFigure figure(RunResult run) {
        BenchmarkParams parameters = run.getParams();
        String name = parameters
                .getBenchmark()
                .substring(PureCode.class.getPackageName().length() + 1);
        String given = parameters.getParamsKeys().stream()
                .map(key -> key + " = " + parameters.getParam(key))
                .collect(Collectors.joining(", "));
        Result<?> result = run.getPrimaryResult();
        return new PureFigure(
                name,
                given,
                result.getStatistics().getPercentile(50),
                result.getStatistics().getMin(),
                result.getStatistics().getMax(),
                Math.toIntExact(result.getSampleCount()));
    }
}
