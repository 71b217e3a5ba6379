package dev.weft.chaos.churn;

import dev.weft.api.v1.Bandwidth;
import dev.weft.api.v1.Subnet;
import dev.weft.chaos.ledger.Expectation;
import dev.weft.chaos.ledger.Ledger;
import dev.weft.chaos.plan.Action;
import dev.weft.chaos.plan.Round;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** All clients. Between rounds they are at rest. */
public final class Churn implements AutoCloseable {

    static final String COMMON = "common";

    private static final String WIRE = COMMON + "-wire";

    private final List<String> nodes;
    private final Ledger ledger;
    private final Client client;
    private final NetworkRequests networkRequests;
    private final Requests requests;
    private final List<Worker> workers = new ArrayList<>();
    private final ExecutorService threads;

    /**
     * @param nodes by their names, paths of namespaces that are not Weft's: one for each client
     * @param clients how many there are
     * @param violations told of every answer that must not be
     */
    public Churn(
            Map<String, List<Path>> nodes, int clients, Ledger ledger, Client client, Consumer<String> violations) {
        this.nodes = List.copyOf(nodes.keySet());
        this.ledger = ledger;
        this.client = client;
        this.networkRequests = new NetworkRequests(ledger);
        this.requests = new Requests(ledger);
        for (int number = 1; number <= clients; number++) {
            int index = number - 1;
            workers.add(new Worker(
                    number,
                    this.nodes,
                    node -> Objects.requireNonNull(nodes.get(node), node)
                            .get(index)
                            .toString(),
                    ledger,
                    networkRequests,
                    requests,
                    client,
                    violations));
        }
        this.threads = Executors.newFixedThreadPool(
                clients, Thread.ofPlatform().daemon().name("client-", 1).factory());
    }

    /** Makes the networks that all clients use: one of them so small that its addresses are soon used again. */
    public void begin() {
        client.send(networkRequests.createNetwork(COMMON + "-wide", Optional.empty(), true, false, List.of()), 0);
        client.send(
                networkRequests.createNetwork(
                        COMMON + "-small", Optional.empty(), false, false, List.of("10.99.0.0/28")),
                1);
        client.send(networkRequests.createNetwork(COMMON + "-inner", Optional.empty(), true, true, List.of()), 2);
        wire();
    }

    /** One wire that all hosts are on: a network on each, with one subnet, of which each has a range of its own. */
    private void wire() {
        for (int host = 1; host <= nodes.size(); host++) {
            String node = nodes.get(host - 1);
            if (ledger.networks(network ->
                            network.name().equals(WIRE) && network.node().equals(node))
                    .isEmpty()) {
                List<Subnet> subnets = List.of(
                        Subnet.newBuilder()
                                .setCidr("198.19.0.0/16")
                                .setIpRange("198.19." + host + ".0/24")
                                .build(),
                        Subnet.newBuilder()
                                .setCidr("fd97::/64")
                                .setIpRange("fd97::" + Integer.toHexString(host) + ":0/112")
                                .build());
                client.send(networkRequests.createMacvlan(WIRE, node, subnets), host);
            }
        }
    }

    /** All clients act, evenly spread over the round's window; returns when it is over and each has its last answer. */
    public void run(Round round) {
        // It went with a node that was removed.
        wire();
        List<Future<?>> running = new ArrayList<>();
        long start = System.nanoTime();
        for (int index = 0; index < workers.size(); index++) {
            Worker worker = workers.get(index);
            List<Action> actions = round.actions().get(index);
            running.add(threads.submit((Callable<Void>) () -> {
                act(worker, actions, start, round.window());
                return null;
            }));
        }
        for (Future<?> future : running) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a client failed: " + e.getCause(), e);
            } catch (InterruptedException e) {
                running.forEach(each -> each.cancel(true));
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private static void act(Worker worker, List<Action> actions, long start, Duration window)
            throws InterruptedException {
        long step = window.toNanos() / Math.max(1, actions.size());
        for (int i = 0; i < actions.size() && System.nanoTime() - start < window.toNanos(); i++) {
            long early = start + i * step - System.nanoTime();
            if (early > 0) {
                Thread.sleep(Duration.ofNanos(early));
            }
            worker.act(actions.get(i));
        }
    }

    /** Takes a node out of the cluster, whatever is on it. */
    public void removeNode(String node) {
        client.send(networkRequests.removeNode(node), 0);
    }

    /** Makes sandboxes of these names on other nodes, on networks that all have. */
    public void reuseNames(List<Expectation.Sandbox> former) {
        List<Expectation.Network> common = ledger.networks(
                network -> network.name().startsWith(COMMON) && network.node().isEmpty());
        int number = 0;
        for (Expectation.Sandbox sandbox : former) {
            List<String> others =
                    nodes.stream().filter(node -> !node.equals(sandbox.node())).toList();
            String node = others.get(number % others.size());
            client.send(
                    requests.createSandbox(
                            sandbox.name(),
                            node,
                            List.of(common.get(number % common.size()).id()),
                            List.of(),
                            Bandwidth.getDefaultInstance(),
                            Optional.empty(),
                            false),
                    number);
            number++;
        }
    }

    /** Asks for every answer that was lost. */
    public void settle(Duration patience) {
        client.settle(patience);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
