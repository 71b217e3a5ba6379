package dev.weft.controlplane.filter;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Admission;
import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Network;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which unused networks {@code network prune} takes. */
public final class PruneFilter {

    private static final Set<String> KEYS = Set.of("until", "label", "label!");

    private final Optional<Instant> until;
    private final List<LabelFilter> labels;
    private final List<LabelFilter> excludedLabels;

    private PruneFilter(FilterReader reader, Instant now) {
        until = reader.single("until", "more than one until filter specified").flatMap(value -> {
            Optional<Instant> time = PointInTime.parse(value.text(), now);
            if (time.isEmpty()) {
                reader.violations()
                        .add(
                                value.field(),
                                Reason.MALFORMED,
                                "invalid value " + shown(value.text())
                                        + " for filter 'until': it should be a time such as 2026-01-31T12:00:00Z, "
                                        + "seconds since 1970, or a duration such as 24h or 1h30m");
            }
            return time;
        });
        labels = reader.texts("label").stream().map(LabelFilter::new).toList();
        excludedLabels = reader.texts("label!").stream().map(LabelFilter::new).toList();
    }

    /** @param now what durations are counted back from */
    public static Admission<PruneFilter> parse(List<Filter> filters, Instant now) {
        FilterReader reader = new FilterReader(filters, KEYS);
        PruneFilter filter = new PruneFilter(reader, now);
        return Admission.of(reader.violations(), () -> filter);
    }

    /** Whether the network goes: unused, no configuration, not there from the start, and not kept by a filter. */
    public boolean matches(NetworkFilter.Candidate candidate) {
        Network network = candidate.network();
        return candidate.endpoints() == 0
                && !network.has(Network.Trait.PREDEFINED)
                && !network.isConfigurationOnly()
                && until.filter(time -> network.createTime().isAfter(time)).isEmpty()
                && labels.stream().allMatch(label -> label.matches(network.labels()))
                // As in Docker: kept only if every excluded label is there.
                && (excludedLabels.isEmpty()
                        || !excludedLabels.stream().allMatch(label -> label.matches(network.labels())));
    }
}
