package dev.weft.controlplane.desired;

import static dev.weft.controlplane.state.Fixtures.bridge;
import static dev.weft.controlplane.state.Fixtures.endpoint;
import static dev.weft.controlplane.state.Fixtures.node;
import static dev.weft.controlplane.state.Fixtures.nodeName;
import static dev.weft.controlplane.state.Fixtures.overlay;
import static dev.weft.controlplane.state.Fixtures.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.state.ClusterIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DesiredStateGraphTest {

    private static final List<NodeName> NODES =
            Stream.of("a", "b", "c", "d").map(NodeName::new).toList();

    private static final Network BLUE = overlay("blue", "10.1.0.0/24", "fd01::/64");
    private static final Network RED = overlay("red", "10.2.0.0/24");
    private static final Network GREEN_A = bridge("a", "green", "172.18.0.0/16");
    private static final Network GREEN_B = bridge("b", "green", "172.18.0.0/16");

    /** A cluster's life in states, each of which follows from the one before by some change. */
    private record Scenario(String name, List<ClusterSnapshot> states) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Scenario> scenarios() {
        Node a = node("a", "192.0.2.1");
        Node b = node("b", "192.0.2.2");
        Node c = node("c", "192.0.2.3", 1400, 1);
        Sandbox onA = sandbox("on-a", "a");
        Sandbox onB = sandbox("on-b", "b");
        Sandbox onC = sandbox("on-c", "c");
        Endpoint blueOnA = endpoint(BLUE, onA, "10.1.0.2/24", "fd01::2/64");
        Endpoint redOnA = endpoint(RED, onA, "10.2.0.2/24");
        Endpoint blueOnB = endpoint(BLUE, onB, "10.1.0.3/24", "fd01::3/64");
        Endpoint blueOnC = endpoint(BLUE, onC, "10.1.0.4/24", "fd01::4/64");
        ClusterSnapshot start = ClusterSnapshot.of(a, b, c, BLUE, RED, GREEN_A, onA, onB, onC);
        ClusterSnapshot one = start.with(blueOnA, 20);
        ClusterSnapshot two = one.with(blueOnB, 21);
        ClusterSnapshot three = two.with(blueOnC, 22);
        ClusterSnapshot secondNetwork = three.with(redOnA, 23);
        ClusterSnapshot moved = secondNetwork.with(node("b", "192.0.2.22", 9000, 2), 24);
        ClusterSnapshot smallLinkLeft = moved.without(blueOnC).without(onC);
        return Stream.of(
                new Scenario(
                        "endpoints come one by one, a tunnel moves, a node leaves",
                        List.of(start, one, two, three, secondNetwork, moved, smallLinkLeft)),
                new Scenario(
                        "everything is torn down",
                        List.of(secondNetwork, secondNetwork.without(blueOnA), start, ClusterSnapshot.of())),
                new Scenario(
                        "a node is forgotten while its endpoints are still there",
                        List.of(three, three.without(b), three)),
                new Scenario(
                        "a network is forgotten while its endpoints are still there",
                        List.of(secondNetwork, secondNetwork.without(BLUE), secondNetwork)),
                new Scenario(
                        "a sandbox is forgotten while its endpoints are still there",
                        List.of(three, three.without(onA), three)));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void anyWayThroughTheStatesGivesTheSame(Scenario scenario) {
        List<ClusterSnapshot> states = scenario.states();
        ClusterSnapshot empty = ClusterSnapshot.of();
        List<List<ClusterSnapshot>> ways = new ArrayList<>();
        ways.add(states);
        ways.add(states.reversed());
        ways.add(List.of(states.getFirst(), states.getLast()));
        ways.add(List.of(states.getLast()));
        ways.add(states.stream().flatMap(state -> Stream.of(state, state)).toList());
        ways.add(states.stream().flatMap(state -> Stream.of(state, empty)).toList());
        for (List<ClusterSnapshot> way : ways) {
            GraphFollower stepped = new GraphFollower(NODES);
            way.forEach(stepped::step);
            GraphFollower told = new GraphFollower(NODES);
            way.forEach(told::stepTwice);
            GraphFollower reset = new GraphFollower(NODES);
            way.forEach(reset::reset);
            NODES.forEach(node -> {
                assertThat(told.held(node)).isEqualTo(stepped.held(node));
                assertThat(reset.held(node)).isEqualTo(stepped.held(node));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomHistories(long seed) {
        Random random = new Random(seed);
        GraphFollower follower = new GraphFollower(NODES);
        ClusterSnapshot state = ClusterSnapshot.of();
        for (int revision = 1; revision <= 250; revision++) {
            for (int change = random.nextInt(4); change >= 0; change--) {
                Object entity = randomEntity(random);
                state = random.nextInt(10) < 7 ? state.with(entity, revision) : state.without(entity);
            }
            switch (random.nextInt(20)) {
                case 0 -> follower.reset(state);
                case 1 -> follower.stepTwice(state);
                default -> follower.step(state);
            }
        }
    }

    /** Consistent or not: a local network's endpoint may be on the wrong node, a sandbox may move, a referent be absent. */
    private static Object randomEntity(Random random) {
        NodeName node = NODES.get(random.nextInt(NODES.size()));
        Network network = List.of(BLUE, RED, GREEN_A, GREEN_B).get(random.nextInt(4));
        Sandbox sandbox = sandbox("s" + random.nextInt(5), node.value());
        return switch (random.nextInt(8)) {
            case 0 ->
                node(
                        node.value(),
                        (random.nextBoolean() ? "192.0.2." : "2001:db8::") + (1 + random.nextInt(9)),
                        1400 + 50 * random.nextInt(3),
                        1 + random.nextInt(3));
            case 1 -> network;
            case 2, 3 -> sandbox;
            default -> {
                int host = 2 + random.nextInt(9);
                String first = network.subnets().getFirst().cidr().first().plus(host) + "/"
                        + network.subnets().getFirst().cidr().prefixLength();
                yield random.nextInt(8) == 0
                        ? endpoint(network, sandbox)
                        : endpoint(network, sandbox, random.nextInt(2), first);
            }
        };
    }

    @Test
    void aNodeThatRegistersAgainWithTheSameFactsCostsNobodyAnything() {
        Sandbox onA = sandbox("on-a", "a");
        Sandbox onB = sandbox("on-b", "b");
        ClusterSnapshot before = ClusterSnapshot.of(
                node("a", "192.0.2.1"),
                node("b", "192.0.2.2"),
                BLUE,
                onA,
                onB,
                endpoint(BLUE, onA, "10.1.0.2/24"),
                endpoint(BLUE, onB, "10.1.0.3/24"));
        ClusterIndex index = before.index();
        DesiredStateGraph graph = new DesiredStateGraph();
        graph.reset(index);

        RowChanges changes = graph.apply(
                index, before.with(node("a", "192.0.2.1", 1500, 2), 50).writeTo(index, before));

        assertThat(changes.byNode()).isEmpty();
    }

    @Test
    void oneMoreEndpointIsOneRowToEachOtherNode() {
        Sandbox onA = sandbox("on-a", "a");
        Sandbox onB = sandbox("on-b", "b");
        Sandbox another = sandbox("another", "b");
        ClusterSnapshot before = ClusterSnapshot.of(
                node("a", "192.0.2.1"),
                node("b", "192.0.2.2"),
                BLUE,
                onA,
                onB,
                another,
                endpoint(BLUE, onA, "10.1.0.2/24"),
                endpoint(BLUE, onB, "10.1.0.3/24"));
        ClusterIndex index = before.index();
        DesiredStateGraph graph = new DesiredStateGraph();
        graph.reset(index);
        Endpoint added = endpoint(BLUE, another, "10.1.0.4/24");

        RowChanges changes = graph.apply(index, before.with(added, 50).writeTo(index, before));

        assertThat(changed(changes, "a")).isEqualTo(Set.of(RowKey.peer(added.id())));
        assertThat(changed(changes, "b")).isEqualTo(Set.of(RowKey.endpoint(added.id())));
        assertThat(changes.byNode()).hasSize(2);
        assertThat(Map.copyOf(graph.rowsOf(nodeName("c")))).isEmpty();
    }

    private static Set<RowKey> changed(RowChanges changes, String node) {
        return changes.byNode().getOrDefault(nodeName(node), new TreeMap<>()).keySet();
    }
}
