package dev.weft.controlplane.state;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.Sandbox;
import java.util.Optional;

/** One entity's change: what it was, and what it is; one of the two may be absent, never both. */
public sealed interface EntityChange {

    record NetworkChange(Optional<Network> before, Optional<Network> after) implements EntityChange {}

    record SandboxChange(Optional<Sandbox> before, Optional<Sandbox> after) implements EntityChange {}

    record EndpointChange(Optional<Endpoint> before, Optional<Endpoint> after) implements EntityChange {}

    record NodeChange(Optional<Node> before, Optional<Node> after) implements EntityChange {}
}
