package dev.weft.loadtests.scale;

import dev.weft.loadtests.measure.MultiContender;
import dev.weft.loadtests.simulation.Fleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sandboxes with an endpoint clients can create a second, each one after the other. */
public final class CreateRates implements MultiContender {

    /** How many clients there are at a time, in each of the readings. */
    public static final List<Integer> CLIENTS = List.of(1, 10, 100);

    /**
     * What a transaction that makes a sandbox with an endpoint writes: both, the sandbox's name, the lease, and the guard keys
     * of the sandbox and the network.
     */
    public static final int KEYS = 6;

    /** How long each reading takes. */
    public static final int SECONDS = 3;

    private static final Layout LAYOUT = new Layout(10, 10, 1, 10);
    private static final int FLEET_HEAP = 1024;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ScaleCluster cluster;
    private final Fleet fleet;
    private final AtomicInteger next = new AtomicInteger();

    private CreateRates(ScaleCluster cluster) {
        this.cluster = cluster;
        this.fleet = cluster.startFleet(FLEET_HEAP);
    }

    public static CreateRates open() {
        CreateRates rates = new CreateRates(ScaleCluster.start());
        for (int node = 0; node < LAYOUT.nodes(); node++) {
            rates.fleet.addNode(Layout.node(node), Layout.vtep(node));
        }
        var unusedTime = rates.fleet.awaitSettled(LIMIT);
        rates.cluster.createOverlay(Layout.WIDE, Layout.WIDE_SUBNET);
        return rates;
    }

    @Override
    public List<Double> readings(int round) throws Exception {
        List<Double> rates = new ArrayList<>();
        for (int clients : CLIENTS) {
            rates.add(rate(clients));
        }
        return rates;
    }

    private double rate(int clients) throws InterruptedException, ExecutionException {
        Queue<String> made = new ConcurrentLinkedQueue<>();
        long begin = System.nanoTime();
        long end = begin + Duration.ofSeconds(SECONDS).toNanos();
        double took = together(clients, () -> {
            while (System.nanoTime() < end) {
                int number = next.getAndIncrement();
                made.add(cluster.createSandbox(
                                new Layout.Place("rate-" + number, Layout.node(number % LAYOUT.nodes()), Layout.WIDE))
                        .getId());
            }
        });
        double rate = made.size() / took;
        var unusedTime = together(32, () -> {
            for (String id = made.poll(); id != null; id = made.poll()) {
                cluster.deleteSandbox(id);
            }
        });
        return rate;
    }

    /** Returns how many seconds it took until all had done it. */
    private static double together(int threads, Runnable work) throws InterruptedException, ExecutionException {
        long begin = System.nanoTime();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                all.add(executor.submit(work));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    @Override
    public void close() {
        fleet.close();
        cluster.close();
    }
}
