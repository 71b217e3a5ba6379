package dev.weft.chaos.plan;

import java.util.List;
import java.util.Locale;

/** All of a run. The same seed, shape and number of rounds make the same plan. */
public record Plan(long seed, Shape shape, List<Round> rounds) {

    public Plan {
        rounds = List.copyOf(rounds);
    }

    /** The plan of a seed. A longer one begins as the shorter one does. */
    public static Plan of(long seed, Shape shape, int rounds) {
        Rounds source = new Rounds(seed, shape);
        return new Plan(
                seed,
                shape,
                java.util.stream.IntStream.rangeClosed(1, rounds)
                        .mapToObj(source::next)
                        .toList());
    }

    /** The plan as text, a line a fault. */
    public String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "seed %d: %d hosts, control planes: %d, etcd members: %d, broker: %s%n",
                seed,
                shape.hosts(),
                shape.controlPlanes(),
                shape.etcdMembers(),
                shape.broker() ? "yes" : "no"));
        for (Round round : rounds) {
            text.append(String.format(
                    Locale.ROOT,
                    "round %d: %.1f s, %d clients with up to %d actions each%n",
                    round.number(),
                    round.window().toMillis() / 1000.0,
                    round.actions().size(),
                    round.actions().getFirst().size()));
            round.steps().forEach(step -> text.append("  ").append(step).append('\n'));
        }
        return text.toString();
    }
}
