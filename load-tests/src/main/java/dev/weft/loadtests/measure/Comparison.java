package dev.weft.loadtests.measure;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One piece of work, done by several contenders in the same run.
 *
 * @param key short name, as in {@code BENCH=key,key}
 * @param warmUps rounds before the counted ones, whose figures are dropped
 * @param rounds counted rounds
 * @param notes what a reader must know to judge the figures
 */
public record Comparison(
        String key,
        String title,
        Unit unit,
        int warmUps,
        int rounds,
        List<Entrant> entrants,
        List<Target> targets,
        List<String> notes) {

    public Comparison {
        entrants = List.copyOf(entrants);
        targets = List.copyOf(targets);
        notes = List.copyOf(notes);
        if (warmUps < 0 || rounds < 1) {
            throw new IllegalArgumentException(
                    key + ": " + warmUps + " warm-ups and " + rounds + " rounds; at least 0 and 1 are needed");
        }
        Set<String> names = new HashSet<>();
        for (Entrant entrant : entrants) {
            if (!names.add(entrant.name())) {
                throw new IllegalArgumentException(key + ": two entrants are named " + entrant.name());
            }
        }
    }
}
