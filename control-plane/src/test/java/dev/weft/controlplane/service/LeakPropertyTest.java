package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.ipam.NodeAnswer;
import dev.weft.controlplane.keys.EntityKey;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of sandboxes that come and go, of nodes that go silent, come back or are slow, and of damage to the store.
 * Two replicas look for leaks all the while. No address is ever released that a kernel may have, or that a stored endpoint
 * needs; and when everything is quiet, no leak is left.
 */
final class LeakPropertyTest {

    private static final int STEPS = 120;
    private static final List<NodeName> NODES = List.of(new NodeName("a"), new NodeName("b"));

    private static final Set<Reason> EXPECTED = EnumSet.of(
            Reason.ADDRESSES_EXHAUSTED,
            Reason.SANDBOX_NOT_FOUND,
            Reason.NAME_IN_USE,
            Reason.ENDPOINT_NOT_FOUND,
            Reason.ALREADY_CONNECTED,
            Reason.NODE_NOT_CONNECTED,
            Reason.CONTENTION);

    /** A node's kernel, and what it has told of it. */
    private static final class Kernel {
        private final Map<EndpointId, Long> endpoints = new HashMap<>();
        private boolean connected = true;
        private Instant lastSeen = Instant.EPOCH;
        private long applied;
    }

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T10:00:00Z"));
    private final InstantSource time = now::get;
    private final Map<NodeName, Kernel> kernels = new HashMap<>();
    private final Set<EndpointId> damaged = new HashSet<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private List<Replica> replicas;

    @SuppressWarnings("NullAway.Init") // set before each test
    private NetworkId network;

    private int made;
    private int released;

    @BeforeEach
    void open() {
        store = SqliteStore.open(
                SqliteStoreConfig.in(directory).withDurability(SqliteStoreConfig.Durability.PROCESS_DEATH));
        replicas = List.of(
                Replica.over(store, time.withZone(ZoneOffset.UTC)), Replica.over(store, time.withZone(ZoneOffset.UTC)));
        NODES.forEach(node -> kernels.put(node, new Kernel()));
        for (Replica replica : replicas) {
            replica.node("a", "192.0.2.1");
            replica.node("b", "192.0.2.2");
            replica.status().answer(this::answer);
        }
        network = replicas.getFirst()
                .services()
                .networks()
                .create(call(), overlay("demo", "10.9.0.0/28"))
                .value()
                .id();
    }

    @AfterEach
    void close() {
        replicas.forEach(Replica::close);
        store.close();
    }

    private NodeAnswer answer(NodeName node, EndpointId id, long revision) {
        Kernel kernel = Objects.requireNonNull(kernels.get(node));
        if (!kernel.connected) {
            return new NodeAnswer.Silent(kernel.lastSeen);
        }
        if (kernel.endpoints.containsKey(id)) {
            return new NodeAnswer.Holds(Objects.requireNonNull(kernel.endpoints.get(id)));
        }
        return kernel.applied >= revision ? new NodeAnswer.HoldsNot() : new NodeAnswer.NotYet();
    }

    @RepeatedTest(12)
    void whatIsInUseIsNeverReleasedAndWhatLeakedIsInTheEnd() throws InterruptedException {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < STEPS; i++) {
            step(random, "seed " + seed + ", step " + i);
        }
        NODES.forEach(this::reconnect);
        for (int i = 0; i < 3; i++) {
            NODES.forEach(this::apply);
            looks("seed " + seed + ", at the end");
            now.updateAndGet(instant -> instant.plus(LeakPolicy.DEFAULT.secondLook()));
        }
        assertThat(leases().keySet()).as("seed %d: leases left", seed).isEqualTo(needed());
        assertThat(replicas.getFirst().services().ipam().leaks().items()).isEmpty();
        assertThat(released).as("seed %d: the history had leaks", seed).isPositive();
    }

    private void step(RandomGenerator random, String description) throws InterruptedException {
        Replica replica = replicas.get(random.nextInt(replicas.size()));
        NodeName node = NODES.get(random.nextInt(NODES.size()));
        try {
            switch (random.nextInt(12)) {
                case 0, 1, 2 ->
                    replica.services()
                            .sandboxes()
                            .create(
                                    call(),
                                    sandbox("s" + made++, node.value(), EndpointRequest.on("demo")),
                                    Duration.ZERO);
                case 3 -> replica.services().sandboxes().delete(call(), "s" + random.nextInt(made + 1), Duration.ZERO);
                case 4 -> damage(random);
                case 5 -> silence(node, replicas);
                case 6 -> reconnect(node);
                case 7, 8 -> apply(node);
                default ->
                    now.updateAndGet(
                            instant -> instant.plusSeconds(random.nextInt(10) == 0 ? 1000 : random.nextInt(60)));
            }
        } catch (ServiceException e) {
            assertThat(EXPECTED).as("%s: %s", description, e.getMessage()).contains(e.reason());
        }
        settle();
        looks(description);
    }

    /** What no use case does: a part of an endpoint vanishes without the rest. */
    private void damage(RandomGenerator random) {
        List<Versioned<Endpoint>> endpoints = store.list(Keys.ENDPOINTS).entries().stream()
                .map(ModelCodec.ENDPOINT::decode)
                .toList();
        if (endpoints.isEmpty()) {
            return;
        }
        Endpoint victim = endpoints.get(random.nextInt(endpoints.size())).value();
        damaged.add(victim.id());
        if (random.nextBoolean()) {
            store.commit(
                    Transaction.builder().delete(Keys.endpoint(victim.id())).build());
        } else {
            store.commit(Transaction.builder()
                    .delete(Keys.sandbox(victim.sandbox()))
                    .delete(Keys.attachments(victim.sandbox()))
                    .build());
        }
    }

    private void silence(NodeName node, List<Replica> boards) {
        Kernel kernel = Objects.requireNonNull(kernels.get(node));
        if (kernel.connected) {
            kernel.connected = false;
            kernel.lastSeen = now.get();
            boards.forEach(replica -> replica.status().disconnect(node));
        }
    }

    private void reconnect(NodeName node) {
        Kernel kernel = Objects.requireNonNull(kernels.get(node));
        if (!kernel.connected) {
            kernel.connected = true;
            kernel.applied = 0;
            replicas.forEach(replica -> replica.status().connect(node));
        }
    }

    /** The node brings its kernel to what is stored now, and tells. */
    private void apply(NodeName node) {
        Kernel kernel = Objects.requireNonNull(kernels.get(node));
        if (!kernel.connected) {
            return;
        }
        kernel.applied = store.revision();
        kernel.endpoints.clear();
        Set<SandboxId> sandboxes = store.list(Keys.SANDBOXES).entries().stream()
                .map(entry -> ModelCodec.SANDBOX.decode(entry).value().id())
                .collect(Collectors.toSet());
        store.list(Keys.ENDPOINTS).entries().stream()
                .map(ModelCodec.ENDPOINT::decode)
                .filter(endpoint -> endpoint.value().node().equals(node)
                        && sandboxes.contains(endpoint.value().sandbox()))
                .forEach(endpoint -> kernel.endpoints.put(endpoint.value().id(), endpoint.modRevision()));
    }

    private void settle() throws InterruptedException {
        for (Replica replica : replicas) {
            assertThat(replica.state().awaitRevision(store.revision(), Duration.ofSeconds(20)))
                    .isTrue();
        }
    }

    private void looks(String description) throws InterruptedException {
        for (Replica replica : replicas) {
            Map<IpAddress, EndpointId> before = leases();
            Set<IpAddress> needed = needed();
            replica.services().housekeeping().collectLeaks(List.of());
            Map<IpAddress, EndpointId> after = leases();
            before.forEach((address, holder) -> {
                if (!after.containsKey(address)) {
                    released++;
                    assertThat(needed)
                            .as("%s: %s was needed", description, address)
                            .doesNotContain(address);
                    assertThat(damaged)
                            .as("%s: %s was sound", description, address)
                            .contains(holder);
                    kernels.forEach((node, kernel) -> assertThat(mayHave(kernel, holder))
                            .as("%s: %s may be in the kernel of node %s", description, address, node)
                            .isFalse());
                }
            });
            settle();
        }
    }

    /** A silent node has what it had; after its grace that counts no more. */
    private boolean mayHave(Kernel kernel, EndpointId holder) {
        boolean graceIsOver =
                !kernel.connected && !now.get().isBefore(kernel.lastSeen.plus(LeakPolicy.DEFAULT.grace()));
        return kernel.endpoints.containsKey(holder) && !graceIsOver;
    }

    private Map<IpAddress, EndpointId> leases() {
        Map<IpAddress, EndpointId> leases = new HashMap<>();
        store.list(Keys.leases(network)).entries().forEach(entry -> {
            if (ModelCodec.LEASE.decode(entry).value().holder() instanceof Lease.Holder.OfEndpoint(EndpointId id)
                    && EntityKey.parse(entry.key()).orElseThrow() instanceof EntityKey.OfLease(var _, var address)) {
                leases.put(address, id);
            }
        });
        return leases;
    }

    /** Addresses of stored endpoints whose sandboxes are stored. */
    private Set<IpAddress> needed() {
        return store.list(Keys.ENDPOINTS).entries().stream()
                .map(entry -> ModelCodec.ENDPOINT.decode(entry).value())
                .filter(endpoint -> endpoint.network().equals(network)
                        && store.get(Keys.sandbox(endpoint.sandbox())).isPresent())
                .flatMap(endpoint -> Optional.of(endpoint.link().orElseThrow()).stream())
                .flatMap(link -> link.addresses().stream())
                .map(address -> address.address())
                .collect(Collectors.toSet());
    }
}
