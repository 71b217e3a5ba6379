package dev.weft.controlplane.service;

import dev.weft.controlplane.ipam.SubnetUse;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.service.ClusterFigures.Addresses;
import dev.weft.controlplane.service.ClusterFigures.NodeState;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.status.NodeLiveness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts what there is. */
public final class ClusterCensus {

    /** A network's families that are told one by one: who watches them keeps a series for each, for a long time. */
    static final int MAX_TOLD = 100;

    private final Core core;
    private final LeakCollector leaks;

    ClusterCensus(Core core, LeakCollector leaks) {
        this.core = core;
        this.leaks = leaks;
    }

    public ClusterFigures figures() {
        Instant cutoff = core.clock().instant().minus(core.restPeriod());
        List<Node> nodes = core.state()
                .read(view -> view.nodes().stream().map(Versioned::value).toList());
        // Not within a read: the board's lock and the replica's are not held together.
        Map<NodeState, Long> states = new EnumMap<>(NodeState.class);
        for (NodeState state : NodeState.values()) {
            states.put(state, 0L);
        }
        long problems = 0;
        for (Node node : nodes) {
            NodeLiveness liveness = core.status().node(node.name());
            states.merge(state(node, liveness), 1L, Long::sum);
            problems += liveness.connected() ? liveness.problems().size() : 0;
        }
        long troubled = problems;
        return core.state()
                .read(view -> new ClusterFigures(
                        view.revision(),
                        states,
                        view.networks().size(),
                        view.sandboxes().size(),
                        endpoints(view),
                        troubled,
                        addresses(view, cutoff),
                        leaks.sightings().all().size()));
    }

    private static NodeState state(Node node, NodeLiveness liveness) {
        if (!liveness.connected()) {
            return NodeState.AWAY;
        }
        return node.drainTime().isPresent() ? NodeState.DRAINED : NodeState.CONNECTED;
    }

    private static Map<String, Long> endpoints(ClusterView view) {
        Map<String, Long> modes = new TreeMap<>(Map.of("network", 0L, "host", 0L, "none", 0L));
        for (Versioned<Endpoint> endpoint : view.endpoints()) {
            String mode = endpoint.value()
                    .fallback()
                    .fallen()
                    .map(fallen -> fallen.kind().toString())
                    .orElse("network");
            modes.merge(mode, 1L, Long::sum);
        }
        return modes;
    }

    /** Names of networks are unique within a scope. */
    private record Place(String network, String node, String family) {}

    private static List<Addresses> addresses(ClusterView view, Instant cutoff) {
        Map<Place, Addresses> all = new HashMap<>();
        for (Versioned<Network> versioned : view.networks()) {
            Network network = versioned.value();
            if (!network.isConfigurationOnly()) {
                for (Subnet subnet : network.subnets()) {
                    Addresses addresses = addresses(
                            network,
                            SubnetUse.of(subnet, view.leases(network.id()), view.resting(network.id()), cutoff));
                    all.merge(
                            new Place(addresses.network(), addresses.node(), addresses.family()),
                            addresses,
                            ClusterCensus::sum);
                }
            }
        }
        List<Addresses> fullestFirst = all.values().stream()
                .sorted(Comparator.comparingDouble(ClusterCensus::share)
                        .reversed()
                        .thenComparing(Addresses::network)
                        .thenComparing(Addresses::node))
                .toList();
        List<Addresses> told = new ArrayList<>();
        Map<String, Addresses> others = new TreeMap<>();
        for (Addresses one : fullestFirst) {
            if (told.size() < MAX_TOLD) {
                told.add(one);
            } else {
                others.merge(
                        one.family(),
                        new Addresses(ClusterFigures.OTHERS, "", one.family(), one.inUse(), one.resting(), one.free()),
                        ClusterCensus::sum);
            }
        }
        told.addAll(others.values());
        return told;
    }

    private static Addresses addresses(Network network, SubnetUse use) {
        return new Addresses(
                network.name(),
                network.scope() instanceof Scope.Local(var name) ? name.toString() : "",
                use.subnet().cidr().family().name().toLowerCase(Locale.ROOT),
                use.leased() + use.reserved(),
                use.resting(),
                use.free().doubleValue());
    }

    private static double share(Addresses addresses) {
        double taken = addresses.inUse() + addresses.resting();
        double all = taken + addresses.free();
        return all == 0 ? 1 : taken / all;
    }

    private static Addresses sum(Addresses one, Addresses other) {
        return new Addresses(
                one.network(),
                one.node(),
                one.family(),
                one.inUse() + other.inUse(),
                one.resting() + other.resting(),
                one.free() + other.free());
    }
}
