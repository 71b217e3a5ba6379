package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a new network meets.
 *
 * @param viaNode the node that the request comes through
 * @param nodes all registered nodes
 * @param networks all networks
 * @param source what the request's {@code config_from} leads to
 */
public record NetworkFacts(
        Optional<NodeName> viaNode, RegisteredNodes nodes, Collection<Network> networks, Resolution<Network> source) {

    public NetworkFacts {
        networks = List.copyOf(networks);
    }

    /** The facts for a request that copies no configuration. */
    public NetworkFacts(Optional<NodeName> viaNode, RegisteredNodes nodes, Collection<Network> networks) {
        this(viaNode, nodes, networks, new Resolution.NotFound<>());
    }
}
