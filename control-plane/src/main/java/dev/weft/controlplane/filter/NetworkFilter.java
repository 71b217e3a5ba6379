package dev.weft.controlplane.filter;

import static dev.weft.controlplane.admission.Violations.shown;

import dev.weft.controlplane.admission.Admission;
import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Scope;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The filters of {@code network ls}. Values of one key are alternatives, except labels, which must all be there; keys
 * must all hold.
 */
public final class NetworkFilter {

    /** A network as the filters see it. */
    public record Candidate(Network network, int endpoints) {}

    private enum Origin {
        BUILTIN,
        CUSTOM
    }

    private enum Use {
        DANGLING,
        IN_USE
    }

    private static final Set<String> KEYS = Set.of("driver", "id", "name", "label", "scope", "type", "dangling");

    private final Set<String> drivers;
    private final Set<String> scopes;
    private final List<TextPattern> ids;
    private final List<TextPattern> names;
    private final List<LabelFilter> labels;
    private final Set<Origin> origins;
    private final Optional<Use> use;

    private NetworkFilter(FilterReader reader) {
        drivers = Set.copyOf(reader.texts("driver"));
        scopes = new HashSet<>(reader.texts("scope"));
        if (scopes.contains("swarm")) {
            // Docker's word for networks across nodes.
            scopes.add("global");
        }
        ids = reader.patterns("id");
        names = reader.patterns("name");
        labels = reader.texts("label").stream().map(LabelFilter::new).toList();
        origins = readOrigins(reader);
        use = readUse(reader);
    }

    public static Admission<NetworkFilter> parse(List<Filter> filters) {
        FilterReader reader = new FilterReader(filters, KEYS);
        NetworkFilter filter = new NetworkFilter(reader);
        return Admission.of(reader.violations(), () -> filter);
    }

    public boolean matches(Candidate candidate) {
        Network network = candidate.network();
        return (drivers.isEmpty() || drivers.contains(network.driver().toString()))
                && (scopes.isEmpty() || scopes.contains(scope(network)))
                && matchesAny(ids, network.id().value())
                && matchesAny(names, network.name())
                && labels.stream().allMatch(label -> label.matches(network.labels()))
                && (origins.isEmpty() || origins.contains(origin(network)))
                && use.filter(wanted -> wanted != use(candidate)).isEmpty();
    }

    private static Set<Origin> readOrigins(FilterReader reader) {
        Set<Origin> origins = EnumSet.noneOf(Origin.class);
        for (FilterReader.Value value : reader.values("type")) {
            switch (value.text()) {
                case "builtin" -> origins.add(Origin.BUILTIN);
                case "custom" -> origins.add(Origin.CUSTOM);
                default ->
                    reader.violations()
                            .add(
                                    value.field(),
                                    Reason.MALFORMED,
                                    "invalid filter: 'type'='" + shown(value.text())
                                            + "': it should be builtin or custom");
            }
        }
        return origins;
    }

    private static Optional<Use> readUse(FilterReader reader) {
        return reader.single("dangling", "got more than one value for filter key \"dangling\"")
                .flatMap(value -> switch (value.text()) {
                    case "true", "1" -> Optional.of(Use.DANGLING);
                    case "false", "0" -> Optional.of(Use.IN_USE);
                    default -> {
                        reader.violations()
                                .add(
                                        value.field(),
                                        Reason.MALFORMED,
                                        "invalid value for filter 'dangling', must be \"true\" (or \"1\"), or \"false\" (or \"0\")");
                        yield Optional.<Use>empty();
                    }
                });
    }

    static boolean matchesAny(List<TextPattern> patterns, String text) {
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.matches(text));
    }

    private static String scope(Network network) {
        return switch (network.scope()) {
            case Scope.Local(var _) -> "local";
            case Scope.Global() -> "global";
        };
    }

    private static Origin origin(Network network) {
        return network.has(Network.Trait.PREDEFINED) ? Origin.BUILTIN : Origin.CUSTOM;
    }

    /** As in Docker, networks that exist from the start always count as used. */
    private static Use use(Candidate candidate) {
        return candidate.endpoints() == 0 && !candidate.network().has(Network.Trait.PREDEFINED)
                ? Use.DANGLING
                : Use.IN_USE;
    }
}
