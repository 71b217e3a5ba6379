package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.NetworkRequest;
import dev.weft.controlplane.filter.Filter;
import dev.weft.controlplane.filter.NetworkFilter;
import dev.weft.controlplane.filter.PruneFilter;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.service.References.Nearness;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.net.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What users do with networks. */
public final class NetworkOperations {

    private final Core core;

    NetworkOperations(Core core) {
        this.core = core;
    }

    /**
     * A network and who is on it.
     *
     * @param retained addresses that are kept for sandboxes that are not on it now
     */
    public record Details(
            Versioned<Network> network,
            List<EndpointDetails> endpoints,
            SortedMap<IpAddress, RestingAddress.Retention> retained) {}

    /** What was deleted. */
    public record Deleted(NetworkId id, String name) {}

    public Versioned<Network> create(Call call, NetworkRequest request) {
        Transactor.Done<Network> done = core.creatingNetwork(
                () -> core.transactor().run(call, new CreateNetwork(core, request, call.viaNode())));
        // A repeated request gets the revision of what the first one made: networks are not changed afterwards.
        long revision = core.state()
                .read(view -> view.network(done.result().id()))
                .map(Versioned::modRevision)
                .orElse(done.revision());
        return new Versioned<>(done.result(), revision);
    }

    /**
     * @param node whose local networks are meant; empty for all, nearest first
     */
    public Details get(String reference, String node, Optional<NodeName> viaNode) {
        return core.reads().current(view -> {
            Versioned<Network> network = References.network(view, reference, nearness(view, node, viaNode));
            return new Details(
                    network,
                    EndpointDetails.of(view, view.endpointsOf(network.value().id()), core.status()),
                    retained(view, network.value().id()));
        });
    }

    private SortedMap<IpAddress, RestingAddress.Retention> retained(ClusterView view, NetworkId network) {
        Instant now = core.clock().instant();
        SortedMap<IpAddress, RestingAddress.Retention> retained = new TreeMap<>();
        view.resting(network)
                .forEach((address, rest) ->
                        rest.value().retentionAt(now).ifPresent(retention -> retained.put(address, retention)));
        return retained;
    }

    /**
     * Networks in id order.
     *
     * @param node only its local networks and the global ones; empty for all
     */
    public Listed<Versioned<Network>> list(String node, List<Filter> filters) {
        NetworkFilter filter = Refusals.admitted(NetworkFilter.parse(filters));
        return select(node, filter::matches);
    }

    private Listed<Versioned<Network>> select(String node, Predicate<NetworkFilter.Candidate> filter) {
        return core.reads().now(view -> {
            Optional<NodeName> only = node.isEmpty()
                    ? Optional.empty()
                    : Optional.of(References.node(view, node).value().name());
            return new Listed<>(
                    view.networks().stream()
                            .filter(network -> concerns(network.value(), only))
                            .filter(network -> filter.test(withEndpoints(view, network.value())))
                            .sorted((a, b) -> a.value().id().compareTo(b.value().id()))
                            .toList(),
                    view.revision());
        });
    }

    public Deleted delete(Call call, String reference, String node) {
        Nearness nearness = core.reads().current(view -> nearness(view, node, call.viaNode()));
        return delete(call, reference, nearness);
    }

    private Deleted delete(Call call, String reference, Nearness nearness) {
        Transactor.Done<DeleteNetwork.Deleted> done =
                core.transactor().run(call, new DeleteNetwork(core, reference, nearness));
        if (done.origin() == Transactor.Done.Origin.COMMITTED) {
            DeleteNetwork.sweepOrLater(
                    core.store(), done.result().id(), done.result().name());
        }
        return new Deleted(done.result().id(), done.result().name());
    }

    /**
     * Deletes every network without endpoints that matches, one transaction each; a network that gets an endpoint
     * meanwhile stays. The request id is not remembered: to prune twice is the same as to prune once.
     */
    public List<Deleted> prune(Call call, String node, List<Filter> filters) {
        PruneFilter filter =
                Refusals.admitted(PruneFilter.parse(filters, core.clock().instant()));
        List<Network> candidates = select(node, filter::matches).items().stream()
                .map(Versioned::value)
                .filter(network -> !network.has(Network.Trait.PREDEFINED))
                .filter(network ->
                        core.state().read(view -> view.endpointsOf(network.id()).isEmpty()))
                .toList();
        Call each = new Call(call.method(), Optional.empty(), call.mode(), call.viaNode());
        List<Deleted> deleted = new ArrayList<>();
        for (Network network : candidates) {
            try {
                deleted.add(delete(each, network.id().value(), new Nearness.Near(Optional.empty())));
            } catch (ServiceException e) {
                if (e.reason() != Reason.NETWORK_IN_USE && e.reason() != Reason.NETWORK_NOT_FOUND) {
                    throw e;
                }
            }
        }
        return deleted;
    }

    static boolean concerns(Network network, Optional<NodeName> node) {
        return node.isEmpty() || network.node().isEmpty() || network.node().equals(node);
    }

    private static NetworkFilter.Candidate withEndpoints(ClusterView view, Network network) {
        return new NetworkFilter.Candidate(
                network, view.endpointsOf(network.id()).size());
    }

    static Nearness nearness(ClusterView view, String node, Optional<NodeName> viaNode) {
        return node.isEmpty()
                ? new Nearness.Near(viaNode)
                : new Nearness.OnlyOn(References.node(view, node).value().name());
    }
}
