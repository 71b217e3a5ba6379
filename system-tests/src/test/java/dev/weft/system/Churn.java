package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Sandbox;
import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that make networks with a sandbox on each, and remove most of them again, through any replica; each request
 * has an id with which it is repeated when its answer is lost.
 */
final class Churn implements AutoCloseable {

    private static final int CLIENTS = 3;
    private static final java.time.Duration WAIT = java.time.Duration.ofSeconds(60);
    private static final Duration WAIT_MESSAGE =
            Duration.newBuilder().setSeconds(WAIT.toSeconds()).build();

    /** Of so many one stays, with its network. */
    private static final int KEPT = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<RetryingClient> clients = new ArrayList<>();
    private final List<Future<Void>> loads = new ArrayList<>();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final Map<String, Sandbox> kept = new ConcurrentSkipListMap<>();

    private final String prefix;

    /** @param prefix of all names and request ids; a number follows */
    Churn(List<LabHost> replicas, String prefix) {
        this.prefix = prefix;
        for (int i = 0; i < CLIENTS; i++) {
            RetryingClient client = new RetryingClient(replicas, i);
            clients.add(client);
            loads.add(threads.submit(() -> load(client)));
        }
    }

    /** Waits until all clients are over what has just been in their way. */
    void awaitMore() {
        int before = done.get();
        Await.until(
                "the load to go on",
                WAIT.multipliedBy(2),
                () -> done.get() >= before + 2 * CLIENTS,
                () -> done.get() - before + " more");
    }

    /** Takes the failures since the last time. */
    List<RetryingClient.Failure> takeFailures() {
        List<RetryingClient.Failure> taken = new ArrayList<>();
        for (RetryingClient client : clients) {
            for (var failure = client.failures().poll();
                    failure != null;
                    failure = client.failures().poll()) {
                taken.add(failure);
            }
        }
        return taken;
    }

    /** Lets each client end what it has begun. What stays is returned, by name. */
    Map<String, Sandbox> end() throws InterruptedException, ExecutionException, TimeoutException {
        enough.set(true);
        for (Future<Void> load : loads) {
            load.get(WAIT.toSeconds() * 2, TimeUnit.SECONDS);
        }
        return kept;
    }

    private Void load(RetryingClient client) throws InterruptedException {
        while (!enough.get()) {
            int number = numbers.incrementAndGet();
            String name = prefix + number;
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
            done.incrementAndGet();
            if (number % KEPT == 0) {
                kept.put(name, sandbox);
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

    @Override
    public void close() {
        enough.set(true);
        threads.shutdownNow();
        clients.forEach(RetryingClient::close);
    }
}
