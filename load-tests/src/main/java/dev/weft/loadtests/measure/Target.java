package dev.weft.loadtests.measure;

import java.util.Map;
import java.util.function.DoublePredicate;

/** Something the figures of a comparison should show. */
public sealed interface Target {

    /** The entrant that has to meet it. */
    String entrant();

    /** A statistic of one entrant is at most a bound, in the comparison's unit. */
    record AtMost(String entrant, Statistic statistic, double bound) implements Target {}

    /** The entrant's median is at least this many times the peer's median. */
    record AtLeastTimes(String entrant, double factor, String peer) implements Target {}

    /**
     * The entrant's median is as large as another's.
     *
     * @param tolerance the part of the other's median that it may differ by, to either side
     */
    record Near(String entrant, double tolerance, String other) implements Target {}

    /** Which number of the samples. */
    enum Statistic {
        MEDIAN,
        P99;

        double of(Samples samples) {
            return switch (this) {
                case MEDIAN -> samples.median();
                case P99 -> samples.percentile(99);
            };
        }
    }

    /** Whether a target was met. */
    sealed interface Verdict {
        /** @param shown the number that was compared */
        record Met(double shown) implements Verdict {}

        /** @param shown the number that was compared */
        record Missed(double shown) implements Verdict {}

        /** A figure that the target needs was not measured. */
        record Unknown() implements Verdict {}
    }

    /** @param outcomes by the entrants' names */
    default Verdict judge(Map<String, Outcome> outcomes) {
        return switch (this) {
            case AtMost(String name, Statistic statistic, double bound) ->
                outcomes.get(name) instanceof Outcome.Measured(Samples samples)
                        ? verdict(statistic.of(samples), statistic.of(samples) <= bound)
                        : new Verdict.Unknown();
            case AtLeastTimes(String name, double factor, String peer) ->
                ratioOfMedians(outcomes, name, peer, ratio -> ratio >= factor);
            case Near(String name, double tolerance, String other) ->
                ratioOfMedians(outcomes, name, other, ratio -> Math.abs(ratio - 1) <= tolerance);
        };
    }

    private static Verdict ratioOfMedians(
            Map<String, Outcome> outcomes, String name, String other, DoublePredicate isMet) {
        if (outcomes.get(name) instanceof Outcome.Measured(Samples own)
                && outcomes.get(other) instanceof Outcome.Measured(Samples others)) {
            double ratio = own.median() / others.median();
            return verdict(ratio, isMet.test(ratio));
        }
        return new Verdict.Unknown();
    }

    private static Verdict verdict(double shown, boolean met) {
        return met ? new Verdict.Met(shown) : new Verdict.Missed(shown);
    }
}
