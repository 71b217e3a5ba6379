package dev.weft.loadtests.scale;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Creates sandboxes on the groups' networks at a steady rate, each on the next node, and deletes each a little later. */
final class Churn implements AutoCloseable {

    private static final Duration LIFE = Duration.ofSeconds(3);

    private final ScaleCluster cluster;
    private final Layout layout;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(
            1, Thread.ofPlatform().daemon().name("churn").factory());
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> living = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private final LongAdder created = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final long begin = System.nanoTime();

    /** @param perSecond creates a second, and as many deletes; begins at once */
    Churn(ScaleCluster cluster, Layout layout, int perSecond) {
        this.cluster = cluster;
        this.layout = layout;
        var unused = clock.scheduleAtFixedRate(
                () -> calls.execute(this::create), 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
    }

    private void create() {
        int number = started.getAndIncrement();
        int node = number % layout.nodes();
        try {
            String id = cluster.createSandbox(
                            new Layout.Place("churn-" + number, Layout.node(node), Layout.group(layout.groupOf(node))))
                    .getId();
            created.increment();
            living.add(id);
            CompletableFuture.delayedExecutor(LIFE.toMillis(), TimeUnit.MILLISECONDS, calls)
                    .execute(() -> delete(id));
        } catch (StatusRuntimeException e) {
            failed.increment();
        }
    }

    private void delete(String id) {
        if (!living.remove(id)) {
            return;
        }
        try {
            cluster.deleteSandbox(id);
        } catch (StatusRuntimeException e) {
            failed.increment();
        }
    }

    /** Creates a second since the beginning. */
    double rate() {
        return created.sum() / ((System.nanoTime() - begin) / 1e9);
    }

    long failures() {
        return failed.sum();
    }

    /** Ends it, and deletes what is left. */
    @Override
    public void close() {
        clock.shutdownNow();
        calls.close();
        List.copyOf(living).forEach(this::delete);
    }
}
