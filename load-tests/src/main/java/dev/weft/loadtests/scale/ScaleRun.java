package dev.weft.loadtests.scale;

import dev.weft.api.v1.Sandbox;
import dev.weft.loadtests.host.ProcessMemory;
import dev.weft.loadtests.measure.Samples;
import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.loadtests.simulation.Fleet;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Measures one cluster, from its filling to its restart. */
final class ScaleRun {

    private static final int CLIENTS = 32;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LONG_LIMIT = Duration.ofMinutes(15);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final Duration BETWEEN_CHANGES = Duration.ofMillis(100);
    private static final double NANOS_PER_SECOND = 1e9;

    private final ScaleCluster cluster;
    private final Fleet fleet;
    private final Layout layout;
    private final Effort effort;
    private final Consumer<String> progress;
    private final Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    private final LongAdder lostConnections = new LongAdder();
    private int changes;

    /**
     * How much is done.
     *
     * @param warmUps changes that are not timed
     * @param rounds changes that are timed, quiet and under churn
     * @param createsPerSecond of the churn
     * @param idle how long nothing is done
     * @param fleetHeap of the simulation, MiB
     */
    record Effort(int warmUps, int rounds, int createsPerSecond, Duration idle, int fleetHeap) {}

    private ScaleRun(ScaleCluster cluster, Fleet fleet, Layout layout, Effort effort, Consumer<String> progress) {
        this.effort = effort;
        this.cluster = cluster;
        this.fleet = fleet;
        this.layout = layout;
        this.progress = progress;
    }

    /** @param progress gets a line for each step that is done */
    static Map<Metric, Double> measure(Layout layout, Effort effort, Consumer<String> progress)
            throws InterruptedException {
        try (ScaleCluster cluster = ScaleCluster.start();
                Fleet fleet = cluster.startFleet(effort.fleetHeap())) {
            ScaleRun run = new ScaleRun(cluster, fleet, layout, effort, progress);
            run.fill();
            var unusedTimes = run.changes(effort.warmUps());
            run.quiet();
            run.underChurn();
            run.memory();
            run.redial();
            run.coldStart();
            return Map.copyOf(run.figures);
        }
    }

    private void fill() throws InterruptedException {
        for (int node = 0; node < layout.nodes(); node++) {
            fleet.addNode(Layout.node(node), Layout.vtep(node));
        }
        var unusedTime = fleet.awaitSettled(LONG_LIMIT);
        progress.accept(layout.nodes() + " nodes are connected");
        cluster.createOverlay(Layout.WIDE, Layout.WIDE_SUBNET);
        for (int group = 0; group < layout.groups(); group++) {
            cluster.createOverlay(Layout.group(group), Layout.groupSubnet(group).toString());
        }
        long begin = System.nanoTime();
        long revision = createAll(layout.places());
        figures.put(Metric.FILL_RATE, layout.endpoints() / secondsSince(begin));
        progress.accept(layout.endpoints() + " sandboxes are created");
        fleet.awaitRevision(revision, LONG_LIMIT);
        unusedTime = fleet.mark();
        progress.accept("all nodes have them: " + fleet.rows() + " rows");
        if (lostConnections.sum() > 0) {
            progress.accept("creates that were tried again as a node was not connected: " + lostConnections.sum());
        }
    }

    /** Returns the latest revision. */
    private long createAll(List<Layout.Place> places) throws InterruptedException {
        Semaphore permits = new Semaphore(CLIENTS);
        List<Future<Sandbox>> answers = new ArrayList<>();
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Layout.Place place : places) {
                permits.acquire();
                answers.add(calls.submit(() -> {
                    try {
                        return createPatiently(place);
                    } finally {
                        permits.release();
                    }
                }));
            }
            long latest = 0;
            for (Future<Sandbox> answer : answers) {
                latest = Math.max(latest, answer.get().getRevision());
            }
            return latest;
        } catch (ExecutionException e) {
            throw new IllegalStateException("filling the cluster failed: " + e.getCause(), e.getCause());
        }
    }

    /** A node of the simulation may lose its connection when all of them fight for the processors: it comes back. */
    private Sandbox createPatiently(Layout.Place place) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return cluster.createSandbox(place);
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE || System.nanoTime() > deadline) {
                    throw e;
                }
                lostConnections.increment();
                Thread.sleep(BETWEEN_TRIES);
            }
        }
    }

    /** How long changes took to the last node, milliseconds. */
    private record Timed(Samples creates, Samples removals) {}

    private Timed changes(int rounds) throws InterruptedException {
        List<Double> creates = new ArrayList<>();
        List<Double> removals = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            int number = changes++;
            Layout.Place place =
                    new Layout.Place("change-" + number, Layout.node(number % layout.wideNodes()), Layout.WIDE);
            long begin = System.nanoTime();
            Sandbox sandbox = cluster.createSandbox(place);
            String endpoint = sandbox.getEndpoints(0).getId();
            creates.add(Stopwatch.millisecondsBetween(begin, fleet.awaitPresent(endpoint, layout.wideNodes(), LIMIT)));
            Thread.sleep(BETWEEN_CHANGES);
            begin = System.nanoTime();
            cluster.deleteSandbox(sandbox.getId());
            removals.add(Stopwatch.millisecondsBetween(begin, fleet.awaitGone(endpoint, layout.wideNodes(), LIMIT)));
            Thread.sleep(BETWEEN_CHANGES);
        }
        return new Timed(new Samples(creates), new Samples(removals));
    }

    private void quiet() throws InterruptedException {
        Cost idle = cost();
        Thread.sleep(effort.idle());
        Cost afterIdle = cost();
        double idleCpu = afterIdle.cpuSeconds() - idle.cpuSeconds();
        double idleBytes = afterIdle.bytes() - idle.bytes();
        double idleSeconds = afterIdle.secondsSince(idle);
        figures.put(Metric.IDLE_CPU, 100 * idleCpu / idleSeconds);
        figures.put(Metric.IDLE_BYTES, idleBytes / idleSeconds / layout.nodes());

        Cost before = cost();
        Timed timed = changes(effort.rounds());
        Cost after = cost();
        double seconds = after.secondsSince(before);
        int made = 2 * effort.rounds();
        double cpu = after.cpuSeconds() - before.cpuSeconds() - idleCpu * seconds / idleSeconds;
        double bytes = after.bytes() - before.bytes() - idleBytes * seconds / idleSeconds;
        figures.put(Metric.CPU_PER_CHANGE, Math.max(0, 1000 * cpu / made));
        figures.put(Metric.BYTES_PER_CHANGE, Math.max(0, bytes / made / layout.wideNodes()));
        figures.put(Metric.CHANGE_QUIET_MEDIAN, timed.creates().median());
        figures.put(Metric.CHANGE_QUIET_P99, timed.creates().percentile(99));
        figures.put(Metric.REMOVAL_QUIET_MEDIAN, timed.removals().median());
        figures.put(Metric.REMOVAL_QUIET_P99, timed.removals().percentile(99));
        progress.accept("quiet: " + effort.rounds() + " changes are timed");
    }

    private record Cost(long time, double cpuSeconds, long bytes) {
        double secondsSince(Cost earlier) {
            return (time - earlier.time) / NANOS_PER_SECOND;
        }
    }

    private Cost cost() {
        return new Cost(System.nanoTime(), cluster.controlPlaneCpuSeconds(), cluster.wireBytes());
    }

    private void underChurn() throws InterruptedException {
        try (Churn churn = new Churn(cluster, layout, effort.createsPerSecond())) {
            var unusedTimes = changes(effort.warmUps());
            Timed timed = changes(effort.rounds());
            figures.put(Metric.CHURN_RATE, churn.rate());
            figures.put(Metric.CHANGE_CHURN_MEDIAN, timed.creates().median());
            figures.put(Metric.CHANGE_CHURN_P99, timed.creates().percentile(99));
            progress.accept("churn: " + effort.rounds() + " changes are timed; calls that failed: " + churn.failures());
        }
    }

    private void memory() {
        figures.put(
                Metric.LIVE_HEAP,
                ProcessMemory.liveHeapMebibytes(cluster.controlPlane().pid()));
        figures.put(
                Metric.RESIDENT,
                ProcessMemory.residentMebibytes(cluster.controlPlane().pid()));
    }

    private void redial() {
        double cpuBefore = cluster.controlPlaneCpuSeconds();
        long begin = fleet.redial();
        long end = fleet.awaitSettled(LONG_LIMIT);
        figures.put(Metric.REDIAL, (end - begin) / NANOS_PER_SECOND);
        figures.put(Metric.REDIAL_CPU, cluster.controlPlaneCpuSeconds() - cpuBefore);
        progress.accept("all nodes dialled at once");
    }

    private void coldStart() {
        var unusedTime = fleet.mark();
        // What the nodes do on this machine is not to be in the control plane's own time.
        fleet.pause();
        cluster.controlPlane().kill();
        long killed = System.nanoTime();
        cluster.controlPlane().launchAgain();
        cluster.controlPlane().awaitReady();
        figures.put(Metric.COLD_READY, secondsSince(killed));
        long resumed = System.nanoTime();
        fleet.resume();
        long end = fleet.awaitSettled(LONG_LIMIT);
        figures.put(Metric.COLD_SETTLED, (end - resumed) / NANOS_PER_SECOND);
        progress.accept("the control plane was killed and is back");
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / NANOS_PER_SECOND;
    }
}
