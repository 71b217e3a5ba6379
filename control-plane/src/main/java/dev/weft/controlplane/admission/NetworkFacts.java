package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a new network meets.
 *
 * @param viaNode the node that the request comes through
 * @param nodes all registered nodes
 * @param networks all networks
 */
public record NetworkFacts(Optional<NodeName> viaNode, Set<NodeName> nodes, Collection<Network> networks) {

    public NetworkFacts {
        nodes = java.util.Collections.unmodifiableSet(new TreeSet<>(nodes));
        networks = List.copyOf(networks);
    }
}
