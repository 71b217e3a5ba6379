package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterView;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The rows of one global network, once for all nodes that take part. A change costs in proportion to the members that
 * changed times the nodes that take part, not to the size of the network; a node that joins or leaves gets or loses all
 * of it. That rests on who calls: when a node or the network has changed, its members count as dirty.
 */
final class GlobalNetworkRows {

    /** @param peer empty while the node is unknown, or if the endpoint has nothing on the wire */
    private record Member(NodeName node, Optional<Row.PeerRow> peer) {}

    /** Nodes that take part now and did not before, and the other way round. */
    record Turnover(Set<NodeName> joined, Set<NodeName> left) {}

    private final NetworkId id;
    private Optional<Versioned<Network>> network = Optional.empty();
    private Optional<Row.NetworkRow> networkRow = Optional.empty();

    /** Those that take part and are known, as they were when a member of theirs was last looked at. */
    private final SortedMap<NodeName, Node> nodes = new TreeMap<>();

    private final SortedMap<NodeName, Row.VtepRow> vteps = new TreeMap<>();
    private final SortedMap<EndpointId, Member> members = new TreeMap<>();

    /** How many members each node that takes part has. */
    private final SortedMap<NodeName, Integer> participants = new TreeMap<>();

    GlobalNetworkRows(NetworkId id) {
        this.id = id;
    }

    Set<NodeName> participants() {
        return participants.keySet();
    }

    Set<EndpointId> members() {
        return members.keySet();
    }

    /** Passes on every row that the node has of this network. */
    void forEachRowOf(NodeName node, BiConsumer<RowKey, Row> consumer) {
        networkRow.ifPresent(row -> consumer.accept(row.key(), row));
        vteps.forEach((other, row) -> {
            if (!other.equals(node)) {
                consumer.accept(row.key(), row);
            }
        });
        members.values()
                .forEach(member -> member.peer()
                        .filter(_ -> !member.node().equals(node))
                        .ifPresent(row -> consumer.accept(row.key(), row)));
    }

    /**
     * Looks at some members again, and at everything that depends on them.
     *
     * @param present empty if it does not exist as a global network: then all members must be among the dirty ones
     */
    Turnover update(
            ClusterView view,
            Optional<Versioned<Network>> present,
            Collection<EndpointId> dirtyMembers,
            RowChanges.Builder changes) {
        Map<EndpointId, Optional<Member>> now = new TreeMap<>();
        dirtyMembers.forEach(
                endpoint -> now.put(endpoint, present.isPresent() ? member(view, endpoint) : Optional.empty()));

        Set<NodeName> concerned = concerned(now);
        Set<NodeName> before = new TreeSet<>(concerned);
        before.retainAll(participants.keySet());
        now.forEach(this::recount);
        Turnover turnover = turnover(concerned, before);
        turnover.left()
                .forEach(node ->
                        forEachRowOf(node, (key, row) -> changes.move(node, key, Optional.of(row), Optional.empty())));
        Set<NodeName> audience = new TreeSet<>(participants.keySet());
        audience.removeAll(turnover.joined());
        now.forEach((endpoint, member) -> replaceMember(endpoint, member, audience, changes));
        replaceNetwork(view, present, concerned, audience, changes);
        turnover.joined()
                .forEach(node ->
                        forEachRowOf(node, (key, row) -> changes.move(node, key, Optional.empty(), Optional.of(row))));
        return turnover;
    }

    /** Of nodes without a dirty member nothing can have changed, whether they take part or not. */
    private Set<NodeName> concerned(Map<EndpointId, Optional<Member>> now) {
        Set<NodeName> concerned = new TreeSet<>();
        now.forEach((endpoint, member) -> {
            Optional.ofNullable(members.get(endpoint)).ifPresent(was -> concerned.add(was.node()));
            member.ifPresent(is -> concerned.add(is.node()));
        });
        return concerned;
    }

    private Turnover turnover(Set<NodeName> concerned, Set<NodeName> before) {
        Set<NodeName> joined = new TreeSet<>(concerned);
        joined.retainAll(participants.keySet());
        joined.removeAll(before);
        Set<NodeName> left = new TreeSet<>(before);
        left.removeAll(participants.keySet());
        return new Turnover(joined, left);
    }

    private Optional<Member> member(ClusterView view, EndpointId endpoint) {
        return view.endpoint(endpoint)
                .filter(found -> found.value().network().equals(id))
                .map(found -> new Member(
                        found.value().node(),
                        view.node(found.value().node()).flatMap(node -> RowFactory.peer(view, found, node.value()))));
    }

    private void recount(EndpointId endpoint, Optional<Member> now) {
        Optional.ofNullable(members.get(endpoint))
                .ifPresent(member -> participants.computeIfPresent(
                        member.node(), (_, count) -> count == 1 ? null : Integer.valueOf(count - 1)));
        now.ifPresent(member -> participants.merge(member.node(), 1, Integer::sum));
    }

    private void replaceMember(
            EndpointId endpoint, Optional<Member> now, Set<NodeName> audience, RowChanges.Builder changes) {
        Optional<Member> was = Optional.ofNullable(members.get(endpoint));
        now.ifPresentOrElse(member -> members.put(endpoint, member), () -> members.remove(endpoint));
        if (was.equals(now)) {
            return;
        }
        RowKey key = RowKey.peer(endpoint);
        audience.forEach(node -> changes.move(node, key, seenFrom(node, was), seenFrom(node, now)));
    }

    private static Optional<Row.PeerRow> seenFrom(NodeName node, Optional<Member> member) {
        return member.filter(found -> !found.node().equals(node)).flatMap(Member::peer);
    }

    private void replaceNetwork(
            ClusterView view,
            Optional<Versioned<Network>> now,
            Set<NodeName> concerned,
            Set<NodeName> audience,
            RowChanges.Builder changes) {
        boolean networkChanged = !now.equals(network);
        network = now;
        boolean nodesChanged = false;
        for (NodeName name : concerned) {
            Optional<Node> node =
                    participants.containsKey(name) ? view.node(name).map(Versioned::value) : Optional.empty();
            Optional<Node> was = Optional.ofNullable(nodes.get(name));
            node.ifPresentOrElse(known -> nodes.put(name, known), () -> nodes.remove(name));
            nodesChanged |= !was.equals(node);
        }
        if (networkChanged || nodesChanged) {
            Optional<Row.NetworkRow> row = now.map(present -> RowFactory.network(present, nodes.values()));
            if (!row.equals(networkRow)) {
                audience.forEach(node -> changes.move(node, RowKey.network(id), networkRow, row));
                networkRow = row;
            }
            Set<NodeName> places = new TreeSet<>(concerned);
            if (networkChanged) {
                places.addAll(nodes.keySet());
                places.addAll(vteps.keySet());
            }
            places.forEach(place -> replaceVtep(place, audience, changes));
        }
    }

    private void replaceVtep(NodeName place, Set<NodeName> audience, RowChanges.Builder changes) {
        Optional<Row.VtepRow> was = Optional.ofNullable(vteps.get(place));
        Optional<Row.VtepRow> now = network.flatMap(
                present -> Optional.ofNullable(nodes.get(place)).flatMap(node -> RowFactory.vtep(present, node)));
        if (was.equals(now)) {
            return;
        }
        now.ifPresentOrElse(row -> vteps.put(place, row), () -> vteps.remove(place));
        audience.stream()
                .filter(node -> !node.equals(place))
                .forEach(node -> changes.move(node, RowKey.vtep(id, place), was, now));
    }
}
