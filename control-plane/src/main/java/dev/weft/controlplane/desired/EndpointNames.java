package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the other endpoints of a network find an endpoint by. */
final class EndpointNames {

    private EndpointNames() {}

    /** Docker's: names are for user-defined networks; on the default bridge there are none. */
    static boolean has(Network network) {
        return network.driver().hasAddresses() && !network.has(Network.Trait.PREDEFINED);
    }

    /** The sandbox's name, the endpoint's aliases, the sandbox's short id and its host name: each once, in this order. */
    static List<String> of(ClusterView view, Endpoint endpoint) {
        Optional<Network> network = view.network(endpoint.network()).map(Versioned::value);
        Optional<Sandbox> sandbox = view.sandbox(endpoint.sandbox()).map(Versioned::value);
        if (network.filter(EndpointNames::has).isEmpty() || sandbox.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        names.add(sandbox.get().name());
        names.addAll(endpoint.aliases());
        names.add(sandbox.get().id().shortId());
        names.add(sandbox.get().hostname());
        return names.stream().filter(name -> !name.isEmpty()).distinct().toList();
    }
}
