package dev.weft.chaos.check;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of looking at everything once.
 *
 * @param looks how many things were looked at, by kind of check
 * @param violations texts, each beginning with its kind
 * @param settled how long it took until everything was right; the whole time where it never was
 */
public record Verdict(Map<String, Integer> looks, List<String> violations, Duration settled) {

    public Verdict {
        looks = new LinkedHashMap<>(looks);
        violations = List.copyOf(violations);
    }
}
