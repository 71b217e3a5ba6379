package dev.weft.controlplane.admission;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Whether a network may be deleted. */
public final class NetworkRemoval {

    /** How many endpoints the refusal names. */
    private static final int NAMED = 10;

    /** An endpoint in the way. */
    public record ActiveEndpoint(String sandboxName, EndpointId id) {}

    private NetworkRemoval() {}

    /** @param endpoints all of the network, from which no other was made */
    public static Admission<Network> admit(Network network, List<ActiveEndpoint> endpoints) {
        return admit(network, endpoints, List.of());
    }

    /**
     * @param endpoints all of the network
     * @param madeFrom the networks whose configuration is this one's
     */
    public static Admission<Network> admit(
            Network network, List<ActiveEndpoint> endpoints, Collection<Network> madeFrom) {
        Violations violations = new Violations();
        if (network.has(Network.Trait.PREDEFINED)) {
            violations.add(
                    "network",
                    Reason.PREDEFINED_NETWORK,
                    network.name() + " is a pre-defined network and cannot be removed");
        } else if (!endpoints.isEmpty()) {
            String named = endpoints.stream()
                    .limit(NAMED)
                    .map(endpoint -> "name:\"" + endpoint.sandboxName() + "\" id:\""
                            + endpoint.id().shortId() + "\"")
                    .collect(Collectors.joining(", "));
            violations.add(
                    "network",
                    Reason.NETWORK_IN_USE,
                    "error while removing network: network " + network.name() + " has active endpoints (" + named
                            + (endpoints.size() > NAMED ? ", …" : "") + ")");
        }
        if (!madeFrom.isEmpty()) {
            String named =
                    madeFrom.stream().map(Network::name).sorted().limit(NAMED).collect(Collectors.joining(", "));
            violations.add(
                    "network",
                    Reason.NETWORK_IN_USE,
                    "error while removing network: configuration network \"" + network.name() + "\" is in use by "
                            + (madeFrom.size() == 1 ? "network " : "networks ") + named
                            + (madeFrom.size() > NAMED ? ", …" : ""));
        }
        return Admission.of(violations, () -> network);
    }
}
