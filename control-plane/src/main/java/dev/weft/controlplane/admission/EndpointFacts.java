package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Sandbox;
import java.util.List;

/**
 * What a new endpoint of an existing sandbox meets.
 *
 * @param network what the request's reference leads to, seen from the sandbox's node
 * @param attachments the sandbox's endpoints with their networks
 */
public record EndpointFacts(Resolution<Network> network, Sandbox sandbox, List<Attachment> attachments) {

    /** An endpoint that the sandbox has. */
    public record Attachment(Endpoint endpoint, Network network) {}

    public EndpointFacts {
        attachments = List.copyOf(attachments);
    }
}
