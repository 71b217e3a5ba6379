package dev.weft.loadtests.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a comparison yielded.
 *
 * @param rows in the order of the comparison's entrants, one for each
 */
public record ComparisonResult(Comparison comparison, List<Row> rows) {

    public ComparisonResult {
        rows = List.copyOf(rows);
    }

    /** One entrant's outcome. */
    public record Row(Entrant entrant, Outcome outcome) {}

    /** The outcomes by the entrants' names, in order. */
    public Map<String, Outcome> outcomes() {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        rows.forEach(row -> outcomes.put(row.entrant().name(), row.outcome()));
        return outcomes;
    }
}
