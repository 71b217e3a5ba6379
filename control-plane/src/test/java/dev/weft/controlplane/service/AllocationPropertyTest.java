package dev.weft.controlplane.service;

import static dev.weft.controlplane.service.Replica.call;
import static dev.weft.controlplane.service.Replica.overlay;
import static dev.weft.controlplane.service.Replica.sandbox;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.EntityKey;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.store.Store;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random operations from several replicas at once, on networks so small that they collide and run out. Whatever happened:
 * no address has two holders, none is lost, and what a refused request touched is as before.
 */
abstract class AllocationPropertyTest {

    private static final int REPLICAS = 3;
    private static final int WORKERS_A_REPLICA = 4;
    private static final int NETWORKS = 3;

    /** What may come of an operation of this test; anything else is a defect. */
    private static final Set<Reason> EXPECTED = EnumSet.of(
            Reason.ADDRESSES_EXHAUSTED,
            Reason.ADDRESS_IN_USE,
            Reason.ALREADY_CONNECTED,
            Reason.SANDBOX_NOT_FOUND,
            Reason.NETWORK_NOT_FOUND,
            Reason.ENDPOINT_NOT_FOUND,
            Reason.NETWORK_IN_USE,
            Reason.NAME_IN_USE,
            Reason.SUBNET_OVERLAP,
            Reason.CONTENTION);

    private final List<Store> stores = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();

    /** A client of the store that all replicas of this test share. */
    abstract Store openClient();

    /** How many operations each worker does. */
    abstract int operations();

    @AfterEach
    void close() {
        replicas.forEach(Replica::close);
        stores.forEach(Store::close);
    }

    @Test
    void noAddressHasTwoHoldersAndNoneIsLost() throws InterruptedException, ExecutionException {
        for (int i = 0; i < REPLICAS; i++) {
            Store store = openClient();
            stores.add(store);
            replicas.add(Replica.over(store));
        }
        for (Replica replica : replicas) {
            replica.node("a", "192.0.2.1");
            replica.node("b", "192.0.2.2");
        }
        long seed = System.nanoTime();
        List<Future<Map<Reason, Integer>>> workers = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (int i = 0; i < REPLICAS * WORKERS_A_REPLICA; i++) {
                Replica replica = replicas.get(i % REPLICAS);
                RandomGenerator random =
                        RandomGeneratorFactory.of("L64X128MixRandom").create(seed + i);
                workers.add(threads.submit(() -> work(replica, random)));
            }
        }
        Map<Reason, Integer> refusals = new EnumMap<>(Reason.class);
        for (Future<Map<Reason, Integer>> worker : workers) {
            worker.get().forEach((reason, count) -> refusals.merge(reason, count, Integer::sum));
        }
        int all = REPLICAS * WORKERS_A_REPLICA * operations();
        assertThat(refusals.getOrDefault(Reason.CONTENTION, 0))
                .as("operations that gave up, of %d; seed %d, refusals %s", all, seed, refusals)
                .isLessThanOrEqualTo(all / 100);
        check(stores.getFirst(), "seed " + seed);
    }

    private Map<Reason, Integer> work(Replica replica, RandomGenerator random) {
        Map<Reason, Integer> refusals = new EnumMap<>(Reason.class);
        for (int i = 0; i < operations(); i++) {
            try {
                operate(replica, random);
            } catch (ServiceException e) {
                if (!EXPECTED.contains(e.reason())) {
                    throw e;
                }
                refusals.merge(e.reason(), 1, Integer::sum);
            }
        }
        return refusals;
    }

    private static void operate(Replica replica, RandomGenerator random) {
        int number = random.nextInt(NETWORKS);
        String network = "net" + number;
        String sandbox = "s" + random.nextInt(20);
        String node = random.nextBoolean() ? "a" : "b";
        SandboxOperations sandboxes = replica.services().sandboxes();
        EndpointOperations endpoints = replica.services().endpoints();
        switch (random.nextInt(12)) {
            case 0 ->
                replica.services()
                        .networks()
                        .create(call(), overlay(network, "10.9." + number + ".0/28", "fd00:9:" + number + "::/124"));
            case 1 -> replica.services().networks().delete(call(), network, "");
            case 2, 3, 4 ->
                sandboxes.create(call(), sandbox(sandbox, node, EndpointRequest.on(network)), Duration.ZERO);
            case 5 ->
                sandboxes.create(
                        call(),
                        sandbox(sandbox, node, EndpointRequest.on("bridge"), EndpointRequest.on(network)),
                        Duration.ZERO);
            case 6, 7 -> endpoints.create(call(), sandbox, EndpointRequest.on(network), Duration.ZERO);
            case 8 ->
                endpoints.create(
                        call(),
                        sandbox,
                        Replica.at(network, "10.9." + number + "." + random.nextInt(2, 15)),
                        Duration.ZERO);
            case 9 -> endpoints.delete(call(), sandbox, network, EndpointOperations.IfGone.REFUSE, Duration.ZERO);
            case 10, 11 -> sandboxes.delete(call(), sandbox, Duration.ZERO);
            default -> throw new AssertionError();
        }
    }

    /** Compares what is leased with what endpoints and networks have. */
    private static void check(Store store, String description) {
        Map<String, Lease.Holder> expected = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        List<Network> networks = store.list(Keys.NETWORKS).entries().stream()
                .map(entry -> ModelCodec.NETWORK.decode(entry).value())
                .toList();
        for (Network network : networks) {
            names.put(
                    Keys.networkName(network.scope(), network.name()),
                    network.id().value());
            network.subnets()
                    .forEach(subnet -> subnet.gateway()
                            .ifPresent(gateway ->
                                    expected.put(Keys.lease(network.id(), gateway), new Lease.Holder.Gateway())));
        }
        for (var entry : store.list(Keys.ENDPOINTS).entries()) {
            Endpoint endpoint = ModelCodec.ENDPOINT.decode(entry).value();
            assertThat(store.get(Keys.sandbox(endpoint.sandbox())))
                    .as(description)
                    .isPresent();
            assertThat(store.get(Keys.network(endpoint.network())))
                    .as(description)
                    .isPresent();
            for (InterfaceAddress address : endpoint.link().orElseThrow().addresses()) {
                IpAddress ip = address.address();
                assertThat(expected.put(Keys.lease(endpoint.network(), ip), new Lease.Holder.OfEndpoint(endpoint.id())))
                        .as("%s: second holder of %s", description, ip)
                        .isNull();
            }
        }
        Map<String, Lease.Holder> leases = new HashMap<>();
        store.list(Keys.LEASES)
                .entries()
                .forEach(entry -> leases.put(
                        entry.key(), ModelCodec.LEASE.decode(entry).value().holder()));
        assertThat(leases).as(description).isEqualTo(expected);
        checkBookkeeping(store, networks, names, description);
    }

    private static void checkBookkeeping(
            Store store, List<Network> networks, Map<String, String> names, String description) {
        Map<String, String> claims = new HashMap<>();
        store.list("names/network/")
                .entries()
                .forEach(entry -> claims.put(
                        entry.key(), ModelCodec.NAME_CLAIM.decode(entry).value().id()));
        assertThat(claims).as(description).isEqualTo(names);
        assertThat(store.list(Keys.SANDBOX_NAMES).entries())
                .as(description)
                .hasSameSizeAs(store.list(Keys.SANDBOXES).entries());
        assertThat(store.list(Keys.ATTACHMENTS).entries())
                .as(description)
                .hasSameSizeAs(store.list(Keys.SANDBOXES).entries());
        List<Cidr> used = new ArrayList<>();
        for (var entry : store.list(Keys.SPACES).entries()) {
            if (!(EntityKey.parse(entry.key()).orElseThrow() instanceof EntityKey.OfSpaceEpoch)) {
                ModelCodec.ADDRESS_SPACE.decode(entry).value().subnets().forEach(subnet -> used.add(subnet.cidr()));
            }
        }
        assertThat(used)
                .as(description)
                .containsExactlyInAnyOrderElementsOf(networks.stream()
                        .flatMap(network -> network.subnets().stream())
                        .map(subnet -> subnet.cidr())
                        .toList());
        store.list(Keys.RESTING)
                .entries()
                .forEach(entry -> assertThat(store.get(entry.key().replaceFirst("^resting/", "leases/")))
                        .as("%s: %s rests while it is leased", description, entry.key())
                        .isEmpty());
    }
}
