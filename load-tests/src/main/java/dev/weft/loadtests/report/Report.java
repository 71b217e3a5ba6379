package dev.weft.loadtests.report;

import dev.weft.loadtests.measure.ComparisonResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The outcome of a whole run.
 *
 * @param facts what it was measured on, in the order to be shown
 */
public record Report(SequencedMap<String, String> facts, List<Section> sections, List<PureFigure> pureFigures) {

    public Report {
        facts = new LinkedHashMap<>(facts);
        sections = List.copyOf(sections);
        pureFigures = List.copyOf(pureFigures);
    }

    /**
     * One comparison.
     *
     * @param loadBefore the machine's load average of the last minute when it began
     * @param took set-up and clean-up included
     */
    public record Section(ComparisonResult result, double loadBefore, Duration took) {}

    /**
     * One JMH benchmark of pure code; times in microseconds a call, each the average of one iteration.
     *
     * @param given the parameters' values, for people
     * @param n iterations
     */
    public record PureFigure(String name, String given, double median, double minimum, double maximum, int n) {}
}
