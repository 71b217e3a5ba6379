package dev.weft.controlplane.service;

import dev.weft.controlplane.ipam.LeakSightings;
import dev.weft.controlplane.ipam.SubnetUse;
import dev.weft.controlplane.ipam.Suspicion;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What users ask about addresses. */
public final class IpamOperations {

    private final Core core;
    private final LeakCollector leaks;

    IpamOperations(Core core, LeakCollector leaks) {
        this.core = core;
        this.leaks = leaks;
    }

    /** A subnet of a network, and how much of it is used. */
    public record NetworkUse(Network network, SubnetUse use) {}

    /** An address of a network that is not free. */
    public sealed interface Taken {

        IpAddress address();

        /**
         * Leased.
         *
         * @param endpoint the holder, where it is one and stored
         * @param sandbox the holder's
         */
        record Leased(IpAddress address, Lease lease, Optional<Endpoint> endpoint, Optional<Sandbox> sandbox)
                implements Taken {}

        /**
         * Resting.
         *
         * @param left how long yet; more than zero
         */
        record Resting(IpAddress address, RestingAddress rest, Duration left) implements Taken {}
    }

    /** The addresses of a network that are not free, lowest first. */
    public record NetworkAddresses(Network network, Listed<Taken> addresses) {}

    /**
     * A lease that nobody seems to need.
     *
     * @param releaseTime when it can be released at the earliest, if it is proven then; empty while it is not proven
     */
    public record Leak(
            Network network,
            Suspicion suspicion,
            Optional<Sandbox> sandbox,
            Instant firstSeen,
            Optional<Instant> releaseTime) {}

    /**
     * The use of every subnet, in the order of the networks' ids.
     *
     * @param node only its local networks and the global ones; empty for all
     */
    public Listed<NetworkUse> use(String node) {
        Instant cutoff = core.clock().instant().minus(core.restPeriod());
        return core.reads().current(view -> {
            Optional<NodeName> only = node.isEmpty()
                    ? Optional.empty()
                    : Optional.of(References.node(view, node).value().name());
            return new Listed<>(
                    view.networks().stream()
                            .map(Versioned::value)
                            .filter(network -> NetworkOperations.concerns(network, only))
                            .filter(network -> !network.isConfigurationOnly())
                            .sorted(Comparator.comparing(Network::id))
                            .flatMap(network -> network.subnets().stream()
                                    .map(subnet -> new NetworkUse(
                                            network,
                                            SubnetUse.of(
                                                    subnet,
                                                    view.leases(network.id()),
                                                    view.resting(network.id()),
                                                    cutoff))))
                            .toList(),
                    view.revision());
        });
    }

    /**
     * @param node whose local networks are meant; empty for all, nearest first
     */
    public NetworkAddresses addresses(String reference, String node, Optional<NodeName> viaNode) {
        Instant now = core.clock().instant();
        return core.reads().current(view -> {
            Network network = References.network(view, reference, NetworkOperations.nearness(view, node, viaNode))
                    .value();
            List<Taken> taken = new ArrayList<>();
            view.leases(network.id()).forEach((address, lease) -> taken.add(leased(view, address, lease)));
            view.resting(network.id()).forEach((address, rest) -> {
                Duration left = Duration.between(now, rest.value().releaseTime().plus(core.restPeriod()));
                if (left.isPositive()) {
                    taken.add(new Taken.Resting(address, rest.value(), left));
                }
            });
            taken.sort(Comparator.comparing(Taken::address));
            return new NetworkAddresses(network, new Listed<>(taken, view.revision()));
        });
    }

    private static Taken leased(ClusterView view, IpAddress address, Lease lease) {
        Optional<Endpoint> endpoint = lease.holder() instanceof Lease.Holder.OfEndpoint(var id)
                ? view.endpoint(id).map(Versioned::value)
                : Optional.empty();
        return new Taken.Leased(
                address,
                lease,
                endpoint,
                endpoint.flatMap(found -> view.sandbox(found.sandbox())).map(Versioned::value));
    }

    /** What the last look found, in the order of networks' ids and addresses. */
    public Listed<Leak> leaks() {
        return core.reads()
                .now(view -> new Listed<>(
                        leaks.sightings().all().stream()
                                .flatMap(sighting -> leak(view, sighting).stream())
                                .sorted(Comparator.comparing(
                                                (Leak leak) -> leak.network().id())
                                        .thenComparing(
                                                leak -> leak.suspicion().facts().address()))
                                .toList(),
                        view.revision()));
    }

    /** Empty for one that has been released, or whose lease has changed, since the look. */
    private Optional<Leak> leak(ClusterView view, LeakSightings.Sighting sighting) {
        Suspicion suspicion = sighting.suspicion();
        boolean stands = suspicion
                .facts()
                .lease()
                .equals(view.leases(suspicion.facts().network())
                        .get(suspicion.facts().address()));
        if (!stands) {
            return Optional.empty();
        }
        return view.network(suspicion.facts().network())
                .map(network -> new Leak(
                        network.value(),
                        suspicion,
                        suspicion
                                .facts()
                                .endpoint()
                                .flatMap(endpoint ->
                                        view.sandbox(endpoint.value().sandbox()))
                                .map(Versioned::value),
                        sighting.firstSeen(),
                        switch (suspicion.proof()) {
                            case Suspicion.Proof.Proven _ ->
                                Optional.of(
                                        sighting.firstSeen().plus(leaks.policy().secondLook()));
                            case Suspicion.Proof.Open _ -> Optional.empty();
                        }));
    }
}
