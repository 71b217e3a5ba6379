package dev.weft.controlplane.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterIndex;
import dev.weft.controlplane.state.EntityChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Follows a graph as the nodes do, by its changes alone, and checks after each step that all have what they should. */
final class GraphFollower {

    private final List<NodeName> nodes;
    private final DesiredStateGraph graph = new DesiredStateGraph();
    private final Map<NodeName, SortedMap<RowKey, Row>> held = new HashMap<>();
    private final ClusterIndex index = new ClusterIndex();
    private ClusterSnapshot shown = ClusterSnapshot.of();

    GraphFollower(List<NodeName> nodes) {
        this.nodes = nodes;
    }

    void step(ClusterSnapshot next) {
        List<EntityChange> changes = next.writeTo(index, shown);
        shown = next;
        follow(graph.apply(index, changes));
    }

    /** Every change is told twice. */
    void stepTwice(ClusterSnapshot next) {
        List<EntityChange> changes = next.writeTo(index, shown);
        List<EntityChange> doubled = new ArrayList<>(changes);
        doubled.addAll(changes);
        shown = next;
        follow(graph.apply(index, doubled));
        assertThat(graph.apply(index, changes).byNode()).isEmpty();
    }

    void reset(ClusterSnapshot next) {
        next.writeTo(index, shown);
        shown = next;
        follow(graph.reset(index));
    }

    SortedMap<RowKey, Row> held(NodeName node) {
        return held.getOrDefault(node, new TreeMap<>());
    }

    private void follow(RowChanges changes) {
        changes.byNode().forEach((node, rows) -> {
            SortedMap<RowKey, Row> mine = held.computeIfAbsent(node, _ -> new TreeMap<>());
            rows.forEach((key, change) -> {
                assertThat(change.key()).isEqualTo(key);
                switch (change) {
                    case RowChange.Updated(var row) ->
                        assertThat(mine.put(key, row))
                                .as("a change that is none")
                                .isNotEqualTo(row);
                    case RowChange.Removed _ ->
                        assertThat(mine.remove(key)).as("removal of " + key).isNotNull();
                }
            });
        });
        for (NodeName node : nodes) {
            SortedMap<RowKey, Row> expected = DesiredState.forNode(index, node);
            assertThat(held(node)).as("rows of " + node).isEqualTo(expected);
            assertThat(graph.rowsOf(node)).as("rows to begin with of " + node).isEqualTo(expected);
            for (Versioned<dev.weft.controlplane.model.Network> network : index.networks()) {
                NetworkId id = network.value().id();
                SortedMap<RowKey, Row> part = new TreeMap<>(expected);
                part.values().removeIf(row -> !row.partOf().equals(Optional.of(id)));
                assertThat(graph.rowsOf(node, id)).isEqualTo(part);
            }
            expected.values().forEach(row -> assertConcerns(node, row));
        }
    }

    private void assertConcerns(NodeName node, Row row) {
        boolean concerns = switch (row) {
            case Row.NetworkRow network -> takesPart(node, network.id());
            case Row.VtepRow vtep ->
                takesPart(node, vtep.network()) && !vtep.node().equals(node);
            case Row.PeerRow peer ->
                takesPart(node, peer.network())
                        && index.endpoint(peer.id())
                                .filter(endpoint -> !endpoint.value().node().equals(node))
                                .isPresent();
            case Row.SandboxRow sandbox ->
                index.sandbox(sandbox.id())
                        .filter(found -> found.value().node().equals(node))
                        .isPresent();
            case Row.EndpointRow endpoint ->
                index.endpoint(endpoint.id())
                        .filter(found -> found.value().node().equals(node))
                        .isPresent();
        };
        assertThat(concerns).as(row + " concerns " + node).isTrue();
    }

    private boolean takesPart(NodeName node, NetworkId id) {
        Optional<NodeName> owner =
                index.network(id).flatMap(network -> network.value().node());
        return owner.map(node::equals)
                .orElseGet(() -> index.endpointsOf(id).stream()
                        .anyMatch(endpoint -> endpoint.value().node().equals(node)));
    }
}
