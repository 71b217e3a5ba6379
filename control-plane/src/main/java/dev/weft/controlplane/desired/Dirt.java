package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.state.EntityChange;
import dev.weft.net.IpAddress;
import dev.weft.net.Mtu;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What has to be looked at again after changes. It only says where to look, never what was found: so it may say too
 * much, and a change that is told twice, late or squashed with others does no harm.
 */
final class Dirt {

    /** Local networks, sandboxes and endpoints whose own row may differ. */
    final Set<NetworkId> networks = new HashSet<>();

    final Set<SandboxId> sandboxes = new HashSet<>();
    final Set<EndpointId> endpoints = new HashSet<>();

    /** Networks of which members, or what members need, may differ; with the members. */
    final Map<NetworkId, Set<EndpointId>> members = new TreeMap<>();

    private record Tunnel(Optional<IpAddress> vtep, Mtu underlayMtu) {}

    private final ClusterView view;

    Dirt(ClusterView view) {
        this.view = view;
    }

    void add(EntityChange change) {
        switch (change) {
            case EntityChange.NetworkChange(var before, var after) ->
                either(before, after).map(Network::id).forEach(this::addNetwork);
            case EntityChange.SandboxChange(var before, var after) ->
                either(before, after).map(Sandbox::id).forEach(sandbox -> {
                    addSandbox(sandbox);
                    // Others know its endpoints by its name.
                    view.endpointsIn(sandbox)
                            .forEach(endpoint -> addMember(
                                    endpoint.value().network(), endpoint.value().id()));
                });
            case EntityChange.EndpointChange(var before, var after) ->
                either(before, after).forEach(this::addEndpoint);
            case EntityChange.NodeChange(var before, var after) -> {
                // Each start of a daemon registers its node again; mostly nothing that others see is new.
                if (!before.map(Dirt::seenByOthers).equals(after.map(Dirt::seenByOthers))) {
                    either(before, after).map(Node::name).forEach(this::addNode);
                }
            }
        }
    }

    void addNetwork(NetworkId id) {
        networks.add(id);
        Set<EndpointId> all = members.computeIfAbsent(id, _ -> new TreeSet<>());
        view.endpointsOf(id).forEach(endpoint -> {
            all.add(endpoint.value().id());
            addSandbox(endpoint.value().sandbox());
        });
    }

    void addSandbox(SandboxId id) {
        sandboxes.add(id);
        // The default route of one endpoint depends on the others.
        view.endpointsIn(id).forEach(endpoint -> endpoints.add(endpoint.value().id()));
    }

    void addEndpoint(Endpoint endpoint) {
        endpoints.add(endpoint.id());
        addSandbox(endpoint.sandbox());
        addMember(endpoint.network(), endpoint.id());
    }

    void addMember(NetworkId network, EndpointId endpoint) {
        members.computeIfAbsent(network, _ -> new TreeSet<>()).add(endpoint);
    }

    private void addNode(NodeName name) {
        view.endpointsOn(name)
                .forEach(endpoint ->
                        addMember(endpoint.value().network(), endpoint.value().id()));
    }

    private static Tunnel seenByOthers(Node node) {
        return new Tunnel(node.facts().vtep(), node.facts().underlayMtu());
    }

    private static <T> Stream<T> either(Optional<T> before, Optional<T> after) {
        return Stream.concat(before.stream(), after.stream());
    }
}
