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
 * of it.
 */
final class GlobalNetworkRows {

    /** @param peer empty while the node is unknown, or if the endpoint has nothing on the wire */
    private record Member(NodeName node, Optional<Row.PeerRow> peer) {}

    private final NetworkId id;
    private Optional<Row.NetworkRow> networkRow = Optional.empty();
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
     * @param network empty if it does not exist as a global network: then all members must be among the dirty ones
     */
    void update(
            ClusterView view,
            Optional<Versioned<Network>> network,
            Collection<EndpointId> dirtyMembers,
            RowChanges.Builder changes) {
        Map<EndpointId, Optional<Member>> now = new TreeMap<>();
        dirtyMembers.forEach(
                endpoint -> now.put(endpoint, network.isPresent() ? member(view, endpoint) : Optional.empty()));

        Set<NodeName> before = new TreeSet<>(participants.keySet());
        now.forEach(this::recount);
        Set<NodeName> after = participants.keySet();

        for (NodeName left : before) {
            if (!after.contains(left)) {
                forEachRowOf(left, (key, row) -> changes.move(left, key, Optional.of(row), Optional.empty()));
            }
        }
        Set<NodeName> stayed = new TreeSet<>(before);
        stayed.retainAll(after);

        now.forEach((endpoint, member) -> replaceMember(endpoint, member, stayed, changes));
        replaceNetwork(view, network, stayed, changes);

        for (NodeName joined : after) {
            if (!before.contains(joined)) {
                forEachRowOf(joined, (key, row) -> changes.move(joined, key, Optional.empty(), Optional.of(row)));
            }
        }
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
            Optional<Versioned<Network>> network,
            Set<NodeName> audience,
            RowChanges.Builder changes) {
        SortedMap<NodeName, Node> known = new TreeMap<>();
        participants.keySet().forEach(name -> view.node(name).ifPresent(node -> known.put(name, node.value())));

        Optional<Row.NetworkRow> row = network.map(present -> RowFactory.network(present, known.values()));
        audience.forEach(node -> changes.move(node, RowKey.network(id), networkRow, row));
        networkRow = row;

        SortedMap<NodeName, Row.VtepRow> vtepsNow = new TreeMap<>();
        network.ifPresent(present -> known.forEach(
                (name, node) -> RowFactory.vtep(present, node).ifPresent(vtep -> vtepsNow.put(name, vtep))));
        Set<NodeName> either = new TreeSet<>(vteps.keySet());
        either.addAll(vtepsNow.keySet());
        for (NodeName vtepOf : either) {
            Optional<Row.VtepRow> was = Optional.ofNullable(vteps.get(vtepOf));
            Optional<Row.VtepRow> now = Optional.ofNullable(vtepsNow.get(vtepOf));
            if (!was.equals(now)) {
                audience.stream()
                        .filter(node -> !node.equals(vtepOf))
                        .forEach(node -> changes.move(node, RowKey.vtep(id, vtepOf), was, now));
            }
        }
        vteps.clear();
        vteps.putAll(vtepsNow);
    }
}
