package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.ListAddressesRequest;
import dev.weft.api.v1.ListNetworksRequest;
import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ServerAddress;
import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Control planes, then members of etcd, are restarted one by one while networks and sandboxes come and go. */
@Tag("lab")
class RollingRestartIT {

    private static final int CLIENTS = 3;
    private static final java.time.Duration WAIT = java.time.Duration.ofSeconds(60);
    private static final Duration WAIT_MESSAGE =
            Duration.newBuilder().setSeconds(WAIT.toSeconds()).build();

    /** Of each so many one stays, with its network. */
    private static final int KEPT = 4;

    private final Cluster cluster =
            new Cluster(Cluster.spec("rr").withHosts(2).withReplicas(2).withEtcd(3));
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<String, Sandbox> kept = new TreeMap<>();
    private final Queue<RetryingClient.Failure> unexpected = new ConcurrentLinkedQueue<>();

    @AfterEach
    void down() {
        cluster.close();
    }

    @Test
    void noRequestFailsThatWasNotUnderWayAtTheProcessThatStopped() throws Exception {
        List<RetryingClient> clients = IntStream.range(0, CLIENTS)
                .mapToObj(index -> new RetryingClient(cluster.lab().controlPlaneHosts(), index))
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> loads = new ArrayList<>();
            clients.forEach(client -> loads.add(threads.submit(() -> load(client))));
            try {
                awaitMore();
                for (LabProcess replica : cluster.lab().controlPlanes()) {
                    replica.restart();
                    awaitMore();
                    noteFailures(clients, replica.name());
                }
                for (LabProcess member : cluster.lab().etcdMembers()) {
                    member.restart();
                    awaitMore();
                    noteFailures(clients, "");
                }
            } finally {
                cluster.lab().saveState();
                enough.set(true);
            }
            for (Future<?> load : loads) {
                load.get(WAIT.toSeconds() * 2, TimeUnit.SECONDS);
            }
        } finally {
            clients.forEach(RetryingClient::close);
        }
        assertThat(unexpected).as("failures at processes that were not stopped").isEmpty();
        assertThat(kept).isNotEmpty();
        for (LabHost replica : cluster.lab().controlPlaneHosts()) {
            assertEverythingIsThereOnce(replica);
        }
    }

    /** All clients are over what the last restart was in the way of. */
    private void awaitMore() {
        int before = numbers.get();
        Await.until(
                "the load to go on",
                WAIT.multipliedBy(2),
                () -> numbers.get() >= before + 2 * CLIENTS,
                () -> numbers.get() - before + " more");
    }

    private void noteFailures(List<RetryingClient> clients, String stopped) {
        for (RetryingClient client : clients) {
            for (var failure = client.failures().poll();
                    failure != null;
                    failure = client.failures().poll()) {
                if (!failure.replica().equals(stopped)) {
                    unexpected.add(failure);
                }
            }
        }
    }

    private Void load(RetryingClient client) throws InterruptedException {
        while (!enough.get()) {
            int number = numbers.incrementAndGet();
            String name = "n" + number;
            Network network = client.call(connection -> connection
                    .networks()
                    .createNetwork(CreateNetworkRequest.newBuilder()
                            .setRequestId("create-" + name)
                            .setName(name)
                            .setDriver("overlay")
                            .build()));
            assertThat(network.getName()).isEqualTo(name);
            Sandbox sandbox = client.call(connection -> connection
                    .sandboxes(WAIT)
                    .createSandbox(CreateSandboxRequest.newBuilder()
                            .setRequestId("run-" + name)
                            .setName(name)
                            .setNode("h" + (1 + number % 2))
                            .addEndpoints(EndpointSpec.newBuilder().setNetwork(name))
                            .setWait(WAIT_MESSAGE)
                            .build()));
            if (number % KEPT == 0) {
                synchronized (kept) {
                    kept.put(name, sandbox);
                }
                continue;
            }
            assertThat(client.call(connection -> connection
                                    .sandboxes(WAIT)
                                    .deleteSandbox(DeleteSandboxRequest.newBuilder()
                                            .setRequestId("rm-" + name)
                                            .setSandbox(name)
                                            .setWait(WAIT_MESSAGE)
                                            .build()))
                            .getId())
                    .isEqualTo(sandbox.getId());
            assertThat(client.call(connection -> connection
                                    .networks()
                                    .deleteNetwork(DeleteNetworkRequest.newBuilder()
                                            .setRequestId("rmn-" + name)
                                            .setNetwork(name)
                                            .build()))
                            .getId())
                    .isEqualTo(network.getId());
        }
        return null;
    }

    private void assertEverythingIsThereOnce(LabHost replica) {
        try (Connection connection = Connection.open(new ServerAddress.UnixSocket(replica.controlPlaneSocket()))) {
            assertThat(connection
                            .sandboxes(java.time.Duration.ZERO)
                            .listSandboxes(ListSandboxesRequest.getDefaultInstance())
                            .getSandboxesList())
                    .as("sandboxes at %s", replica.name())
                    .extracting(Sandbox::getName)
                    .containsExactlyInAnyOrderElementsOf(kept.keySet());
            assertThat(connection.networks().listNetworks(ListNetworksRequest.getDefaultInstance()).getNetworksList())
                    .as("networks at %s", replica.name())
                    .filteredOn(network -> network.getDriver().equals("overlay"))
                    .extracting(Network::getName)
                    .containsExactlyInAnyOrderElementsOf(kept.keySet());
            kept.forEach((name, sandbox) -> {
                assertThat(connection
                                .sandboxes(java.time.Duration.ZERO)
                                .getSandbox(GetSandboxRequest.newBuilder()
                                        .setSandbox(name)
                                        .build())
                                .getId())
                        .isEqualTo(sandbox.getId());
                assertThat(connection
                                .ipam()
                                .listAddresses(ListAddressesRequest.newBuilder()
                                        .setNetwork(name)
                                        .build())
                                .getAddressesList())
                        .as("the gateway's address and the sandbox's, on network %s", name)
                        .hasSize(2);
            });
        }
    }
}
