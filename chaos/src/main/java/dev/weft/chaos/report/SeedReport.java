package dev.weft.chaos.report;

import dev.weft.chaos.plan.FaultKind;
import dev.weft.chaos.plan.Shape;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of one seed.
 *
 * @param store etcd or sqlite
 * @param rounds that were ended, each with a look at everything
 * @param actions what clients saw, by what: done, answers lost, refused: REASON, …
 * @param faults that were done
 * @param impossible faults that were planned, and had nothing to be done to
 * @param looks how many things were looked at, by kind of check
 * @param settled how long it took, after each round, until everything was right
 * @param violations none is what is wanted
 */
public record SeedReport(
        long seed,
        String store,
        Shape shape,
        Duration took,
        int rounds,
        Map<String, Integer> actions,
        Map<FaultKind, Integer> faults,
        Map<FaultKind, Integer> impossible,
        Map<String, Integer> looks,
        List<Duration> settled,
        List<String> violations) {

    public SeedReport {
        actions = new LinkedHashMap<>(actions);
        faults = new LinkedHashMap<>(faults);
        impossible = new LinkedHashMap<>(impossible);
        looks = new LinkedHashMap<>(looks);
        settled = List.copyOf(settled);
        violations = List.copyOf(violations);
    }
}
