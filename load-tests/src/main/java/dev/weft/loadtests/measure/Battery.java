package dev.weft.loadtests.measure;

import java.util.List;

/**
 * Comparisons whose figures come from the same work of the same contenders: each round of each contender yields a reading
 * for every comparison.
 *
 * @param scenario as in {@code BENCH=scenario,scenario}; several batteries may belong to one
 * @param comparisons the first has all entrants; the others have all or some of them, and the same rounds
 */
public record Battery(String scenario, List<Comparison> comparisons) {

    public Battery {
        comparisons = List.copyOf(comparisons);
        if (comparisons.isEmpty()) {
            throw new IllegalArgumentException(scenario + ": there is no comparison");
        }
        Comparison first = comparisons.getFirst();
        for (Comparison other : comparisons) {
            if (other.rounds() != first.rounds() || other.warmUps() != first.warmUps()) {
                throw new IllegalArgumentException(
                        other.key() + " has not the rounds of " + first.key() + ", whose work it shares");
            }
            if (!first.entrants().containsAll(other.entrants())) {
                throw new IllegalArgumentException(other.key() + " has an entrant that " + first.key() + " has not");
            }
        }
    }

    /** A comparison that shares its work with no other and is a scenario of its own. */
    public static Battery of(Comparison comparison) {
        return new Battery(comparison.key(), List.of(comparison));
    }

    /** All who take part. */
    List<Entrant> entrants() {
        return comparisons.getFirst().entrants();
    }

    int warmUps() {
        return comparisons.getFirst().warmUps();
    }

    /** Warm-up rounds included. */
    int totalRounds() {
        return warmUps() + comparisons.getFirst().rounds();
    }
}
