package dev.weft.controlplane.service;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.status.ObservedStatus;
import dev.weft.controlplane.status.StatusBoard;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An endpoint with what it joins, and what its node says of it. */
public record EndpointDetails(Versioned<Endpoint> endpoint, Network network, Sandbox sandbox, ObservedStatus status) {

    EndpointDetails withStatus(ObservedStatus other) {
        return new EndpointDetails(endpoint, network, sandbox, other);
    }

    static List<EndpointDetails> of(ClusterView view, Collection<Versioned<Endpoint>> endpoints, StatusBoard status) {
        return endpoints.stream()
                .flatMap(endpoint -> of(view, endpoint, status))
                .toList();
    }

    /** Empty for an endpoint whose network or sandbox cannot be read: the replica lists those as problems. */
    static Stream<EndpointDetails> of(ClusterView view, Versioned<Endpoint> endpoint, StatusBoard status) {
        Optional<Versioned<Network>> network = view.network(endpoint.value().network());
        Optional<Versioned<Sandbox>> sandbox = view.sandbox(endpoint.value().sandbox());
        if (network.isEmpty() || sandbox.isEmpty()) {
            return Stream.empty();
        }
        return Stream.of(new EndpointDetails(
                endpoint,
                network.get().value(),
                sandbox.get().value(),
                withoutLink(endpoint, status)
                        .orElseGet(() -> status.endpoint(endpoint.value().id()))));
    }

    /** Of an endpoint that its node knows nothing of, as it has fallen back. */
    private static Optional<ObservedStatus> withoutLink(Versioned<Endpoint> endpoint, StatusBoard status) {
        return endpoint.value()
                .fallback()
                .fallen()
                .filter(_ -> endpoint.value().link().isEmpty())
                .map(fallen -> switch (fallen.kind()) {
                    case HOST -> status.sandbox(endpoint.value().sandbox());
                    case NONE -> new ObservedStatus.Failed(fallen.reason(), endpoint.modRevision(), fallen.since());
                });
    }
}
