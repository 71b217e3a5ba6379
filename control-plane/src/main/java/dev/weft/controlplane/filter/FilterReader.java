package dev.weft.controlplane.filter;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.admission.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Sorts a request's filters by key, and collects what is wrong with them. */
final class FilterReader {

    static final int MAX_FILTERS = 64;
    private static final int MAX_VALUE = 256;

    /** A value with its place in the request. */
    record Value(String field, String text) {}

    private final List<Filter> filters;
    private final Violations violations = new Violations();

    FilterReader(List<Filter> filters, Set<String> keys) {
        this.filters = filters.size() > MAX_FILTERS ? List.of() : List.copyOf(filters);
        if (filters.size() > MAX_FILTERS) {
            violations.add(
                    "filters", Reason.TOO_MANY, filters.size() + " filters are too many: at most " + MAX_FILTERS);
        }
        for (int i = 0; i < this.filters.size(); i++) {
            Filter filter = this.filters.get(i);
            if (!keys.contains(filter.key())) {
                violations.add(
                        "filters[" + i + "].key",
                        Reason.UNKNOWN_OPTION,
                        "invalid filter '" + shown(filter.key()) + "'");
            }
            if (filter.value().length() > MAX_VALUE) {
                violations.add(
                        "filters[" + i + "].value",
                        Reason.TOO_LONG,
                        "a value has at most " + MAX_VALUE + " characters");
            }
        }
    }

    Violations violations() {
        return violations;
    }

    List<Value> values(String key) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            if (filters.get(i).key().equals(key) && filters.get(i).value().length() <= MAX_VALUE) {
                values.add(new Value("filters[" + i + "].value", filters.get(i).value()));
            }
        }
        return values;
    }

    List<String> texts(String key) {
        return values(key).stream().map(Value::text).toList();
    }

    /** The one value of a key that may be given once; a second one is a violation with that message. */
    Optional<Value> single(String key, String twice) {
        List<Value> values = values(key);
        if (values.size() > 1) {
            violations.add(values.get(1).field(), Reason.TOO_MANY, twice);
        }
        return values.stream().findFirst();
    }

    List<TextPattern> patterns(String key) {
        return texts(key).stream().map(TextPattern::of).toList();
    }
}
