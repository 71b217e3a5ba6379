package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.state.EntityChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The desired state of all nodes at once, kept up to date: at every moment a node's rows equal {@link
 * DesiredState#forNode}. Rows are held once, however many nodes have them. Not safe for concurrent use.
 */
public final class DesiredStateGraph {

    private record Placed(NodeName node, Row row) {}

    /** Rows of sandboxes, endpoints and local networks, which one node has. */
    private final Map<RowKey, Placed> placed = new HashMap<>();

    private final Map<NodeName, SortedMap<RowKey, Row>> byNode = new HashMap<>();
    private final Map<NetworkId, GlobalNetworkRows> globals = new HashMap<>();
    private final Map<NodeName, Set<NetworkId>> globalsByNode = new HashMap<>();
    private long revision;

    /** The revision of the state last seen. */
    public long revision() {
        return revision;
    }

    /** All rows of a node, what is referred to first. */
    public SortedMap<RowKey, Row> rowsOf(NodeName node) {
        SortedMap<RowKey, Row> rows = new TreeMap<>();
        forEachRowOf(node, row -> rows.put(row.key(), row));
        return rows;
    }

    /** Goes through all rows of a node, in no particular order. */
    public void forEachRowOf(NodeName node, Consumer<Row> visitor) {
        byNode.getOrDefault(node, new TreeMap<>()).values().forEach(visitor);
        for (NetworkId network : globalsByNode.getOrDefault(node, Set.of())) {
            Optional.ofNullable(globals.get(network))
                    .ifPresent(global -> global.forEachRowOf(node, (_, row) -> visitor.accept(row)));
        }
    }

    /** The rows of a node that belong to one network. */
    public SortedMap<RowKey, Row> rowsOf(NodeName node, NetworkId network) {
        SortedMap<RowKey, Row> rows = new TreeMap<>();
        byNode.getOrDefault(node, new TreeMap<>()).forEach((key, row) -> {
            if (row.partOf().equals(Optional.of(network))) {
                rows.put(key, row);
            }
        });
        Optional.ofNullable(globals.get(network))
                .filter(global -> global.participants().contains(node))
                .ifPresent(global -> global.forEachRowOf(node, rows::put));
        return rows;
    }

    /** Takes a state as a whole, which need not follow from the last one. */
    public RowChanges reset(ClusterView view) {
        Dirt dirt = new Dirt(view);
        placed.keySet().forEach(key -> addOld(dirt, key));
        globals.forEach((id, global) -> {
            dirt.addNetwork(id);
            global.members().forEach(endpoint -> dirt.addMember(id, endpoint));
        });
        view.networks().forEach(network -> dirt.addNetwork(network.value().id()));
        view.sandboxes().forEach(sandbox -> dirt.addSandbox(sandbox.value().id()));
        view.endpoints().forEach(endpoint -> dirt.addEndpoint(endpoint.value()));
        return update(view, dirt);
    }

    /** Takes the changes that led to the view. */
    public RowChanges apply(ClusterView view, List<EntityChange> changes) {
        Dirt dirt = new Dirt(view);
        changes.forEach(dirt::add);
        return update(view, dirt);
    }

    private static void addOld(Dirt dirt, RowKey key) {
        switch (key.kind()) {
            case NETWORK -> dirt.addNetwork(new NetworkId(key.id()));
            case SANDBOX -> dirt.addSandbox(new SandboxId(key.id()));
            case ENDPOINT -> dirt.endpoints.add(new EndpointId(key.id()));
            case VTEP, PEER -> throw new AssertionError(key + " is no node's own");
        }
    }

    private RowChanges update(ClusterView view, Dirt dirt) {
        RowChanges.Builder changes = new RowChanges.Builder();
        dirt.networks.forEach(id -> place(RowKey.network(id), localNetwork(view, id), changes));
        dirt.sandboxes.forEach(id -> place(RowKey.sandbox(id), sandbox(view, id), changes));
        dirt.endpoints.forEach(id -> place(RowKey.endpoint(id), endpoint(view, id), changes));
        dirt.members.forEach((id, members) -> updateGlobal(view, id, members, dirt.networks.contains(id), changes));
        revision = view.revision();
        return changes.build(revision);
    }

    private static Optional<Placed> localNetwork(ClusterView view, NetworkId id) {
        return view.network(id)
                .filter(network -> !network.value().isConfigurationOnly())
                .flatMap(network ->
                        network.value().node().map(node -> new Placed(node, RowFactory.network(network, List.of()))));
    }

    private static Optional<Placed> sandbox(ClusterView view, SandboxId id) {
        return view.sandbox(id).map(sandbox -> new Placed(sandbox.value().node(), RowFactory.sandbox(sandbox)));
    }

    private static Optional<Placed> endpoint(ClusterView view, EndpointId id) {
        return view.endpoint(id)
                .flatMap(endpoint -> RowFactory.endpoint(view, endpoint)
                        .map(row -> new Placed(endpoint.value().node(), row)));
    }

    private void place(RowKey key, Optional<Placed> now, RowChanges.Builder changes) {
        Optional<Placed> was = Optional.ofNullable(placed.get(key));
        if (was.equals(now)) {
            return;
        }
        was.ifPresent(old -> {
            placed.remove(key);
            SortedMap<RowKey, Row> rows = byNode.getOrDefault(old.node(), new TreeMap<>());
            rows.remove(key);
            if (rows.isEmpty()) {
                byNode.remove(old.node());
            }
            changes.move(old.node(), key, Optional.of(old.row()), Optional.empty());
        });
        now.ifPresent(fresh -> {
            placed.put(key, fresh);
            byNode.computeIfAbsent(fresh.node(), _ -> new TreeMap<>()).put(key, fresh.row());
            changes.move(fresh.node(), key, Optional.empty(), Optional.of(fresh.row()));
        });
    }

    private void updateGlobal(
            ClusterView view, NetworkId id, Set<EndpointId> dirty, boolean whole, RowChanges.Builder changes) {
        Optional<Versioned<Network>> network =
                view.network(id).filter(found -> found.value().node().isEmpty());
        GlobalNetworkRows global = globals.computeIfAbsent(id, GlobalNetworkRows::new);
        Set<EndpointId> members = new TreeSet<>(dirty);
        if (whole) {
            members.addAll(global.members());
        }
        GlobalNetworkRows.Turnover turnover = global.update(view, network, members, changes);
        turnover.left().forEach(node -> leave(node, id));
        turnover.joined()
                .forEach(node -> globalsByNode
                        .computeIfAbsent(node, _ -> new TreeSet<>())
                        .add(id));
        if (global.participants().isEmpty()) {
            globals.remove(id);
        }
    }

    private void leave(NodeName node, NetworkId network) {
        globalsByNode.computeIfPresent(node, (_, networks) -> {
            networks.remove(network);
            return networks.isEmpty() ? null : networks;
        });
    }
}
