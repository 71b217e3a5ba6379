package dev.weft.controlplane.filter;

import dev.weft.controlplane.admission.Admission;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Sandbox;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The filters of {@code sandbox ls}, by the same rules as {@link NetworkFilter}'s. */
public final class SandboxFilter {

    /**
     * A sandbox as the filters see it.
     *
     * @param networks that it has endpoints on
     * @param status pending, ready or failed
     */
    public record Candidate(Sandbox sandbox, List<Network> networks, String status) {
        public Candidate {
            networks = List.copyOf(networks);
        }
    }

    private static final Set<String> KEYS = Set.of("name", "id", "label", "network", "node", "status");

    private final List<TextPattern> names;
    private final List<TextPattern> ids;
    private final List<LabelFilter> labels;
    private final Set<String> networks;
    private final Set<String> nodes;
    private final Set<String> statuses;

    private SandboxFilter(FilterReader reader) {
        names = reader.patterns("name");
        ids = reader.patterns("id");
        labels = reader.texts("label").stream().map(LabelFilter::new).toList();
        networks = Set.copyOf(reader.texts("network"));
        nodes = Set.copyOf(reader.texts("node"));
        statuses = reader.texts("status").stream()
                .map(status -> status.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    public static Admission<SandboxFilter> parse(List<Filter> filters) {
        FilterReader reader = new FilterReader(filters, KEYS);
        SandboxFilter filter = new SandboxFilter(reader);
        return Admission.of(reader.violations(), () -> filter);
    }

    public boolean matches(Candidate candidate) {
        Sandbox sandbox = candidate.sandbox();
        return NetworkFilter.matchesAny(names, sandbox.name())
                && NetworkFilter.matchesAny(ids, sandbox.id().value())
                && labels.stream().allMatch(label -> label.matches(sandbox.labels()))
                && (networks.isEmpty() || candidate.networks().stream().anyMatch(this::isWanted))
                && (nodes.isEmpty() || nodes.contains(sandbox.node().value()))
                && (statuses.isEmpty() || statuses.contains(candidate.status().toLowerCase(Locale.ROOT)));
    }

    /** By name or id, as in Docker. */
    private boolean isWanted(Network network) {
        return networks.contains(network.name())
                || networks.contains(network.id().value())
                || networks.contains(network.id().shortId());
    }
}
