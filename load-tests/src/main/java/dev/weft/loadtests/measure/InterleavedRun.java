package dev.weft.loadtests.measure;

import dev.weft.loadtests.measure.Outcome.Measured;
import dev.weft.loadtests.measure.Outcome.NotFinished;
import dev.weft.loadtests.measure.Outcome.NotMeasured;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Runs a battery in rounds: in each, every contender does the work once, so that whatever the machine does meanwhile
 * meets all of them. The order moves on by one each round, so that no contender always follows the same other one.
 *
 * <p>A contender that cannot be opened, or that fails in any round, is out and keeps no figures; the others go on.
 */
public final class InterleavedRun {

    private final Progress progress;
    private volatile boolean cancelled;

    public InterleavedRun(Progress progress) {
        this.progress = progress;
    }

    /** Told what happens, for the screen. */
    public interface Progress {
        void opening(Entrant entrant);

        /** A contender cannot be opened, failed in a round, or could not be closed. */
        void problem(Entrant entrant, String what);

        void roundDone(int done, int total);
    }

    /**
     * Lets no round begin any more; what runs ends when the thread that runs it is interrupted, and everything that was
     * opened is closed.
     */
    public void cancel() {
        cancelled = true;
    }

    public ComparisonResult run(Comparison comparison) {
        return run(Battery.of(comparison)).getFirst();
    }

    /**
     * Runs all rounds.
     *
     * @return in the order of the battery's comparisons
     * @throws CancelledException if it was cancelled; then there are no figures
     */
    public List<ComparisonResult> run(Battery battery) {
        List<Lane> lanes = new ArrayList<>();
        try {
            for (Entrant entrant : battery.entrants()) {
                requireNotCancelled();
                Lane lane = new Lane(entrant, battery.comparisons().size());
                lanes.add(lane);
                lane.open();
            }
            int total = battery.totalRounds();
            for (int round = 0; round < total; round++) {
                List<Lane> order = new ArrayList<>(lanes);
                Collections.rotate(order, -(round % order.size()));
                for (Lane lane : order) {
                    requireNotCancelled();
                    lane.measure(round, round >= battery.warmUps());
                }
                progress.roundDone(round + 1, total);
            }
            requireNotCancelled();
        } finally {
            // In reverse: a later entrant may stand on what an earlier one set up.
            lanes.reversed().forEach(Lane::close);
        }
        return IntStream.range(0, battery.comparisons().size())
                .mapToObj(index -> result(battery.comparisons().get(index), index, lanes))
                .toList();
    }

    private static ComparisonResult result(Comparison comparison, int index, List<Lane> lanes) {
        return new ComparisonResult(
                comparison,
                lanes.stream()
                        .filter(lane -> comparison.entrants().contains(lane.entrant))
                        .map(lane -> new ComparisonResult.Row(lane.entrant, lane.outcome(index)))
                        .toList());
    }

    private void requireNotCancelled() {
        if (cancelled) {
            throw new CancelledException();
        }
    }

    /** The run was cancelled before its end. */
    public static final class CancelledException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CancelledException() {
            super("cancelled");
        }
    }

    /** One entrant on its way through the rounds. */
    private final class Lane {

        private final Entrant entrant;
        private final List<List<Double>> values;
        private Optional<MultiContender> contender = Optional.empty();
        private Optional<Outcome> failure = Optional.empty();

        Lane(Entrant entrant, int comparisons) {
            this.entrant = entrant;
            this.values = IntStream.range(0, comparisons)
                    .<List<Double>>mapToObj(index -> new ArrayList<>())
                    .toList();
        }

        void open() {
            progress.opening(entrant);
            try {
                contender = Optional.of(entrant.opening().open());
            } catch (UnavailableException e) {
                fail(message(e));
            } catch (NotFinishedException e) {
                fail(new NotFinished(e.after()), "its set-up has " + message(e));
            } catch (Exception e) {
                fail("its set-up failed: " + message(e));
            }
        }

        void measure(int round, boolean counted) {
            if (contender.isEmpty() || failure.isPresent()) {
                return;
            }
            try {
                List<Double> readings = contender.get().readings(round);
                if (counted) {
                    for (int index = 0; index < Math.min(values.size(), readings.size()); index++) {
                        values.get(index).add(readings.get(index));
                    }
                }
            } catch (NotFinishedException e) {
                fail(new NotFinished(e.after()), message(e));
            } catch (Exception e) {
                fail("it failed in round " + (round + 1) + ": " + message(e));
            }
        }

        void close() {
            contender.ifPresent(open -> {
                try {
                    Uninterrupted.run(open::close);
                } catch (RuntimeException e) {
                    progress.problem(entrant, "could not be closed: " + message(e));
                }
            });
        }

        Outcome outcome(int index) {
            return failure.orElseGet(() -> values.get(index).isEmpty()
                    ? new NotMeasured("it has no such figure")
                    : new Measured(new Samples(values.get(index))));
        }

        private void fail(String reason) {
            fail(new NotMeasured(reason), reason);
        }

        private void fail(Outcome outcome, String reason) {
            failure = Optional.of(outcome);
            progress.problem(entrant, reason);
        }

        private static String message(Exception e) {
            String text = e.getMessage() == null ? e.toString() : e.getMessage();
            return text.strip().replaceAll("\\s*\\R\\s*", "; ");
        }
    }
}
