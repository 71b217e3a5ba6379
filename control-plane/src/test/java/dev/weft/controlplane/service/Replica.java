package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.Choice;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.admission.NetworkRequest;
import dev.weft.controlplane.admission.SandboxRequest;
import dev.weft.controlplane.admission.SubnetRequest;
import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.ipam.Pools;
import dev.weft.controlplane.model.KernelLimit;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.state.ReplicatedClusterState;
import dev.weft.controlplane.store.Store;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.Mtu;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One control plane's core over a store, with nodes that do at once as they are told. The store is the caller's. */
public final class Replica implements AutoCloseable {

    private static final Duration FILL_TIMEOUT = Duration.ofSeconds(20);

    private final Store store;
    private final ReplicatedClusterState state;
    private final FakeStatusBoard status = new FakeStatusBoard();
    private final Services services;

    private Replica(Store store, Clock clock) {
        this.store = store;
        this.state = new ReplicatedClusterState(store);
        state.start();
        try {
            if (!state.awaitFilled(FILL_TIMEOUT)) {
                throw new AssertionError("the replica was not filled within " + FILL_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        services = new Services(
                store, state, status, Pools.defaults("test"), clock, Services.DEFAULT_REST_PERIOD, LeakPolicy.DEFAULT);
    }

    public static Replica over(Store store) {
        return over(store, Clock.systemUTC());
    }

    public static Replica over(Store store, Clock clock) {
        return new Replica(store, clock);
    }

    public Store store() {
        return store;
    }

    public ReplicatedClusterState state() {
        return state;
    }

    public FakeStatusBoard status() {
        return status;
    }

    public Services services() {
        return services;
    }

    /** Registers a node and connects it. */
    public Node node(String name, String vtep, String... hostRoutes) {
        return node(name, vtep, Map.of(), hostRoutes);
    }

    public Node node(String name, String vtep, Map<KernelLimit, Long> limits, String... hostRoutes) {
        NodeName node = new NodeName(name);
        status.connect(node);
        return services.nodeRegistration()
                .register(
                        node,
                        new Node.Facts(
                                IpAddress.parse(vtep),
                                Mtu.ETHERNET,
                                name + ".example",
                                "6.1",
                                "test",
                                List.of(),
                                java.util.Arrays.stream(hostRoutes)
                                        .map(Cidr::parse)
                                        .toList(),
                                limits),
                        Optional.empty())
                .value();
    }

    public static Call call() {
        return new Call("test", Optional.empty(), Call.Mode.COMMIT, Optional.empty());
    }

    public static Call call(String requestId, String hash) {
        return new Call(
                "test", Optional.of(new Call.RequestIdentity(requestId, hash)), Call.Mode.COMMIT, Optional.empty());
    }

    public static Call validateOnly() {
        return new Call("test", Optional.empty(), Call.Mode.VALIDATE_ONLY, Optional.empty());
    }

    public static Call via(String node) {
        return new Call("test", Optional.empty(), Call.Mode.COMMIT, Optional.of(new NodeName(node)));
    }

    public static NetworkRequest overlay(String name, String... cidrs) {
        return network(name, "overlay", "", cidrs);
    }

    public static NetworkRequest bridge(String name, String node, String... cidrs) {
        return network(name, "bridge", node, cidrs);
    }

    private static NetworkRequest network(String name, String driver, String node, String... cidrs) {
        return new NetworkRequest(
                name,
                driver,
                node,
                NetworkRequest.RequestedScope.UNSET,
                Choice.UNSET,
                Choice.of(true, java.util.Arrays.stream(cidrs).anyMatch(cidr -> cidr.contains(":"))),
                java.util.Arrays.stream(cidrs).map(SubnetRequest::of).toList(),
                "",
                Map.of(),
                Set.of(),
                Map.of(),
                Map.of());
    }

    public static SandboxRequest sandbox(String name, String node, EndpointRequest... endpoints) {
        return new SandboxRequest(name, node, "", Map.of(), List.of(endpoints), "");
    }

    public static EndpointRequest at(String network, String ipv4) {
        return new EndpointRequest(network, ipv4, "", "", List.of(), Map.of(), 0);
    }

    @Override
    public void close() {
        state.close();
    }
}
