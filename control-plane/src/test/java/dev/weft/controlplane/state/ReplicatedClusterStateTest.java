package dev.weft.controlplane.state;

import static dev.weft.controlplane.state.Fixtures.bridge;
import static dev.weft.controlplane.state.Fixtures.endpoint;
import static dev.weft.controlplane.state.Fixtures.node;
import static dev.weft.controlplane.state.Fixtures.nodeName;
import static dev.weft.controlplane.state.Fixtures.overlay;
import static dev.weft.controlplane.state.Fixtures.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NameClaim;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.EntityChange.NetworkChange;
import dev.weft.controlplane.state.EntityChange.SandboxChange;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.WatchEvent.Changes;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import dev.weft.controlplane.store.WatchEvent.Progress;
import dev.weft.controlplane.store.WatchEvent.Snapshot;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicatedClusterStateTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final WatchedStore store = new WatchedStore();
    private final ReplicatedClusterState state = new ReplicatedClusterState(store);
    private final List<String> heard = new ArrayList<>();

    private final Network blue = overlay("blue", "10.1.0.0/24");
    private final Network green = bridge("a", "green", "172.18.0.0/16");
    private final Node nodeA = node("a", "192.0.2.1");
    private final Sandbox web = sandbox("web", "a");
    private final Endpoint webOnBlue = endpoint(blue, web, "10.1.0.2/24");

    @BeforeEach
    void start() {
        state.start();
    }

    @Test
    void aSnapshotFillsTheIndices() {
        store.tell(new Snapshot(
                7, List.of(entry(blue, 3), entry(green, 4), entry(nodeA, 1), entry(web, 7), entry(webOnBlue, 7))));

        assertThat((long) state.read(ClusterView::revision)).isEqualTo(7);
        assertThat(one(view -> view.network(blue.id()))).contains(new Versioned<>(blue, 3));
        assertThat(one(view -> view.networkNamed(new Scope.Global(), "blue"))).contains(new Versioned<>(blue, 3));
        assertThat(one(view -> view.networkNamed(new Scope.Global(), "green"))).isEmpty();
        assertThat(one(view -> view.networkNamed(new Scope.Local(nodeName("a")), "green")))
                .contains(new Versioned<>(green, 4));
        assertThat(networkNames()).containsExactly("blue", "green");
        assertThat(list(view -> view.networksByIdPrefix(blue.id().shortId())))
                .containsExactly(new Versioned<>(blue, 3));
        assertThat(list(view -> view.networksByIdPrefix(""))).hasSize(2);
        assertThat(one(view -> view.sandboxNamed("web"))).contains(new Versioned<>(web, 7));
        assertThat(endpoints(view -> view.endpointsOf(blue.id()))).containsExactly(new Versioned<>(webOnBlue, 7));
        MacAddress mac = webOnBlue.link().orElseThrow().mac().orElseThrow();
        assertThat(endpoints(view -> view.endpointsWith(blue.id(), mac)))
                .containsExactly(new Versioned<>(webOnBlue, 7));
        assertThat(endpoints(view -> view.endpointsWith(green.id(), mac))).isEmpty();
        assertThat(endpoints(view -> view.endpointsIn(web.id()))).containsExactly(new Versioned<>(webOnBlue, 7));
        assertThat(endpoints(view -> view.endpointsOn(nodeName("a")))).containsExactly(new Versioned<>(webOnBlue, 7));
        assertThat(endpoints(view -> view.endpointsOn(nodeName("b")))).isEmpty();
    }

    @Test
    void listenersLearnOfEachRevisionWithBeforeAndAfter() {
        store.tell(new Snapshot(1, List.of(entry(web, 1))));
        List<EntityChange> changes = new ArrayList<>();
        try (var subscription = state.subscribe(recorder(changes))) {
            store.tell(new Changes(2, List.of(updated(blue, 2), removed(Keys.sandbox(web.id())))));
            store.tell(new Changes(
                    3,
                    List.of(new Mutation.Updated(
                            new Entry(
                                    "names/network/global/blue",
                                    ModelCodec.NAME_CLAIM.encode(
                                            new NameClaim(blue.id().value())),
                                    3,
                                    3),
                            Optional.empty()))));
            store.tell(new Progress(9));
        }
        store.tell(new Changes(10, List.of(updated(green, 10))));

        assertThat(heard).containsExactly("snapshot 1", "changes 2", "changes 3", "changes 9");
        assertThat(changes)
                .containsExactly(
                        new NetworkChange(Optional.empty(), Optional.of(blue)),
                        new SandboxChange(Optional.of(web), Optional.empty()));
    }

    @Test
    void whoSubscribesBeforeTheFirstSnapshotGetsItWhenItComes() {
        try (var subscription = state.subscribe(recorder(new ArrayList<>()))) {
            assertThat(heard).isEmpty();
            store.tell(new Snapshot(4, List.of()));
        }
        assertThat(heard).containsExactly("snapshot 4");
    }

    @Test
    void aNewSnapshotReplacesEverything() {
        store.tell(new Snapshot(1, List.of(entry(blue, 1))));
        store.tell(new Snapshot(20, List.of(entry(green, 15))));

        assertThat(networkNames()).containsExactly("green");
        assertThat(one(view -> view.networkNamed(new Scope.Global(), "blue"))).isEmpty();
    }

    @Test
    void aNameThatChangesHandsInOneRevisionBelongsToTheNewOwner() {
        Network successor = new Network(
                Fixtures.networkId("blue the second", new Scope.Global()),
                "blue",
                blue.driver(),
                blue.scope(),
                blue.createTime(),
                blue.families(),
                blue.subnets(),
                blue.ipamDriver(),
                blue.ipamOptions(),
                blue.traits(),
                blue.options(),
                blue.labels());
        store.tell(new Snapshot(1, List.of(entry(blue, 1))));
        store.tell(new Changes(2, List.of(updated(successor, 2), removed(Keys.network(blue.id())))));

        assertThat(one(view -> view.networkNamed(new Scope.Global(), "blue"))).contains(new Versioned<>(successor, 2));
    }

    @Test
    void leasesAndRestingAddressesAreKeptPerNetwork() {
        IpAddress two = IpAddress.parse("10.1.0.2");
        Lease lease = new Lease(new Lease.Holder.OfEndpoint(webOnBlue.id()), Optional.of(nodeName("a")), Fixtures.THEN);
        store.tell(new Snapshot(
                1, List.of(new Entry(Keys.lease(blue.id(), two), ModelCodec.LEASE.encode(lease), 1, 1))));
        assertThat(addresses(view -> view.leases(blue.id()))).containsExactly(Map.entry(two, lease));

        store.tell(new Changes(
                2,
                List.of(
                        removed(Keys.lease(blue.id(), two)),
                        new Mutation.Updated(
                                new Entry(
                                        Keys.resting(blue.id(), two),
                                        ModelCodec.RESTING_ADDRESS.encode(
                                                new RestingAddress(webOnBlue.id(), Fixtures.THEN)),
                                        2,
                                        2),
                                Optional.empty()))));
        assertThat(addresses(view -> view.leases(blue.id()))).isEmpty();
        assertThat(addresses(view -> view.resting(blue.id())))
                .containsExactly(Map.entry(two, new Versioned<>(new RestingAddress(webOnBlue.id(), Fixtures.THEN), 2)));
        assertThat(addresses(view -> view.resting(green.id()))).isEmpty();
    }

    @Test
    void theAddressIndexFollowsLeasesWhicheverComesFirst() {
        IpAddress two = IpAddress.parse("10.1.0.2");
        Lease lease = new Lease(new Lease.Holder.OfEndpoint(webOnBlue.id()), Optional.of(nodeName("a")), Fixtures.THEN);
        Entry leaseEntry = new Entry(Keys.lease(blue.id(), two), ModelCodec.LEASE.encode(lease), 1, 1);
        store.tell(new Snapshot(1, List.of(leaseEntry)));
        assertThat(one(view -> view.addresses(blue.id()))).isEmpty();

        store.tell(new Changes(2, List.of(updated(blue, 2))));
        assertThat(isLeased(two)).isTrue();
        store.tell(new Changes(3, List.of(removed(Keys.lease(blue.id(), two)))));
        assertThat(isLeased(two)).isFalse();
        store.tell(new Changes(4, List.of(new Mutation.Updated(leaseEntry, Optional.empty()))));
        assertThat(isLeased(two)).isTrue();
        store.tell(new Changes(5, List.of(removed(Keys.network(blue.id())))));
        assertThat(one(view -> view.addresses(blue.id()))).isEmpty();
    }

    private boolean isLeased(IpAddress address) {
        return state.read(view -> view.addresses(blue.id()).orElseThrow().isLeased(address));
    }

    @Test
    void aDamagedValueIsReportedAndTheRestGoesOn() {
        store.tell(new Snapshot(1, List.of(entry(blue, 1))));
        store.tell(new Changes(2, List.of(damaged(Keys.network(blue.id()), 2), updated(green, 2))));

        assertThat(state.problems()).containsOnlyKeys(Keys.network(blue.id()));
        assertThat(state.problemCount()).isEqualTo(1);
        assertThat(networkNames()).containsExactly("blue", "green");

        store.tell(new Changes(3, List.of(updated(blue, 3), damaged("strange/key", 3))));
        assertThat(state.problems()).containsOnlyKeys("strange/key");
        assertThat(one(view -> view.network(blue.id()))).contains(new Versioned<>(blue, 3));

        store.tell(new Changes(4, List.of(removed(Keys.network(blue.id())))));
        assertThat(networkNames()).containsExactly("green");
    }

    @Test
    void aValueUnderAnotherEntitysKeyIsDamage() {
        store.tell(
                new Snapshot(1, List.of(new Entry(Keys.network(green.id()), ModelCodec.NETWORK.encode(blue), 1, 1))));

        assertThat(state.problems()).containsOnlyKeys(Keys.network(green.id()));
        assertThat(networkNames()).isEmpty();
    }

    @Test
    void aListenerThatFailsDoesNotStopTheOthers() {
        state.subscribe(new ClusterListener() {
            @Override
            public void onSnapshot(ClusterView view) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void onChanges(ClusterView view, List<EntityChange> changes) {
                throw new IllegalStateException("on purpose");
            }
        });
        state.subscribe(recorder(new ArrayList<>()));
        store.tell(new Snapshot(1, List.of()));
        store.tell(new Changes(2, List.of(updated(green, 2))));

        assertThat(heard).containsExactly("snapshot 1", "changes 2");
    }

    @Test
    void waitersGoOnWhenTheRevisionIsReachedEvenWithoutChanges() throws Exception {
        store.tell(new Snapshot(3, List.of()));
        assertThat(state.awaitRevision(3, Duration.ZERO)).isTrue();
        assertThat(state.awaitRevision(4, Duration.ofMillis(1))).isFalse();

        CompletableFuture<Boolean> reached = CompletableFuture.supplyAsync(() -> awaitRevision(8));
        store.tell(new Progress(8));
        assertThat(reached.get(10, TimeUnit.SECONDS)).isTrue();
    }

    private boolean awaitRevision(long revision) {
        try {
            return state.awaitRevision(revision, SOON);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private ClusterListener recorder(List<EntityChange> into) {
        return new ClusterListener() {
            @Override
            public void onSnapshot(ClusterView view) {
                heard.add("snapshot " + view.revision());
            }

            @Override
            public void onChanges(ClusterView view, List<EntityChange> changes) {
                heard.add("changes " + view.revision());
                into.addAll(changes);
            }
        };
    }

    private List<String> networkNames() {
        return state.read(view ->
                view.networks().stream().map(network -> network.value().name()).toList());
    }

    private <T> Optional<T> one(Function<ClusterView, Optional<T>> function) {
        return state.read(function);
    }

    private <T> List<T> list(Function<ClusterView, List<T>> function) {
        return state.read(function);
    }

    private List<Versioned<Endpoint>> endpoints(Function<ClusterView, Collection<Versioned<Endpoint>>> function) {
        return state.read(view -> List.copyOf(function.apply(view)));
    }

    private <T> Map<IpAddress, T> addresses(Function<ClusterView, Map<IpAddress, T>> function) {
        return state.read(view -> Map.copyOf(function.apply(view)));
    }

    private static Entry entry(Network network, long revision) {
        return new Entry(Keys.network(network.id()), ModelCodec.NETWORK.encode(network), revision, revision);
    }

    private static Entry entry(Node node, long revision) {
        return new Entry(Keys.node(node.name()), ModelCodec.NODE.encode(node), revision, revision);
    }

    private static Entry entry(Sandbox sandbox, long revision) {
        return new Entry(Keys.sandbox(sandbox.id()), ModelCodec.SANDBOX.encode(sandbox), revision, revision);
    }

    private static Entry entry(Endpoint endpoint, long revision) {
        return new Entry(Keys.endpoint(endpoint.id()), ModelCodec.ENDPOINT.encode(endpoint), revision, revision);
    }

    private static Mutation updated(Network network, long revision) {
        return new Mutation.Updated(entry(network, revision), Optional.empty());
    }

    private static Mutation damaged(String key, long revision) {
        return new Mutation.Updated(
                new Entry(key, ByteString.copyFromUtf8("\377nonsense"), revision, revision), Optional.empty());
    }

    private static Mutation removed(String key) {
        return new Mutation.Removed(key, Optional.empty());
    }
}
