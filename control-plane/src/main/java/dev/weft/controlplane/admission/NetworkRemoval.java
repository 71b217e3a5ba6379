package dev.weft.controlplane.admission;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import java.util.List;
import java.util.stream.Collectors;

/** Whether a network may be deleted. */
public final class NetworkRemoval {

    /** How many endpoints the refusal names. */
    private static final int NAMED = 10;

    /** An endpoint in the way. */
    public record ActiveEndpoint(String sandboxName, EndpointId id) {}

    private NetworkRemoval() {}

    /** @param endpoints all of the network */
    public static Admission<Network> admit(Network network, List<ActiveEndpoint> endpoints) {
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
        return Admission.of(violations, () -> network);
    }
}
