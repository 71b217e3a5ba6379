package dev.weft.loadtests.measure;

import dev.weft.loadtests.measure.Outcome.Measured;
import dev.weft.loadtests.measure.Outcome.NotMeasured;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Runs a comparison in rounds: in each, every contender does the work once, so that whatever the machine does meanwhile
 * meets all of them. The order moves on by one each round, so that no contender always follows the same other one.
 *
 * <p>A contender that cannot be opened, or that fails in any round, is out and keeps no figures; the others go on.
 */
public final class InterleavedRun {

    private final Progress progress;

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

    public ComparisonResult run(Comparison comparison) {
        List<Lane> lanes = new ArrayList<>();
        try {
            for (Entrant entrant : comparison.entrants()) {
                Lane lane = new Lane(entrant);
                lanes.add(lane);
                lane.open();
            }
            int total = comparison.warmUps() + comparison.rounds();
            for (int round = 0; round < total; round++) {
                List<Lane> order = new ArrayList<>(lanes);
                Collections.rotate(order, -(round % order.size()));
                for (Lane lane : order) {
                    lane.measure(round, round >= comparison.warmUps());
                }
                progress.roundDone(round + 1, total);
            }
        } finally {
            // In reverse: a later entrant may stand on what an earlier one set up.
            lanes.reversed().forEach(Lane::close);
        }
        return new ComparisonResult(
                comparison,
                lanes.stream()
                        .map(lane -> new ComparisonResult.Row(lane.entrant, lane.outcome()))
                        .toList());
    }

    /** One entrant on its way through the rounds. */
    private final class Lane {

        private final Entrant entrant;
        private final List<Double> values = new ArrayList<>();
        private Optional<Contender> contender = Optional.empty();
        private Optional<String> failure = Optional.empty();

        Lane(Entrant entrant) {
            this.entrant = entrant;
        }

        void open() {
            progress.opening(entrant);
            try {
                contender = Optional.of(entrant.opening().open());
            } catch (UnavailableException e) {
                fail(message(e));
            } catch (Exception e) {
                fail("its set-up failed: " + message(e));
            }
        }

        void measure(int round, boolean counted) {
            if (contender.isEmpty() || failure.isPresent()) {
                return;
            }
            try {
                double value = contender.get().measure(round);
                if (counted) {
                    values.add(value);
                }
            } catch (Exception e) {
                fail("it failed in round " + (round + 1) + ": " + message(e));
            }
        }

        void close() {
            contender.ifPresent(open -> {
                try {
                    open.close();
                } catch (RuntimeException e) {
                    progress.problem(entrant, "could not be closed: " + message(e));
                }
            });
        }

        Outcome outcome() {
            return failure.<Outcome>map(NotMeasured::new).orElseGet(() -> new Measured(new Samples(values)));
        }

        private void fail(String reason) {
            failure = Optional.of(reason);
            progress.problem(entrant, reason);
        }

        private static String message(Exception e) {
            String text = e.getMessage() == null ? e.toString() : e.getMessage();
            return text.strip().replaceAll("\\s*\\R\\s*", "; ");
        }
    }
}
