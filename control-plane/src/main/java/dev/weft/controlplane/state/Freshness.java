package dev.weft.controlplane.state;

import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what this process answers from its memory is what the store has. Asks the store for its newest revision every
 * second, and waits for that to arrive: a watch that is silent makes answers as old as a store that is away does.
 */
public final class Freshness implements AutoCloseable {

    /** What is not known to have been the newest for longer than this is stale. */
    public static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Freshness.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Store store;
    private final ClusterState state;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("freshness").unstarted(this::run);
    /** When the store was last asked for what this process has. */
    private volatile Instant newestAt;

    private volatile long newestNanoTime;

    private Freshness(Store store, ClusterState state, InstantSource clock) {
        this.store = store;
        this.state = state;
        this.clock = clock;
        this.newestAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        this.newestNanoTime = System.nanoTime();
    }

    /** Begins to look; what has just been read from the store counts as its newest. */
    public static Freshness start(Store store, ClusterState state, InstantSource clock) {
        Freshness freshness = new Freshness(store, state, clock);
        freshness.thread.start();
        return freshness;
    }

    /** Since when the store has not confirmed what this process has; empty as long as that is the newest. */
    public Optional<Instant> staleSince() {
        return System.nanoTime() - newestNanoTime > LONGEST.toNanos() ? Optional.of(newestAt) : Optional.empty();
    }

    private void run() {
        boolean stale = false;
        try {
            do {
                boolean newest = look();
                if (newest && stale) {
                    LOG.info("what this control plane answers is what the store has again");
                    stale = false;
                } else if (!stale && staleSince().isPresent()) {
                    LOG.warn("answers are from this control plane's memory, as of {}", newestAt);
                    stale = true;
                }
            } while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look() throws InterruptedException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long nanoTime = System.nanoTime();
        try {
            if (state.awaitRevision(store.revision(), LONGEST)) {
                newestAt = now;
                newestNanoTime = nanoTime;
                return true;
            }
            LOG.debug("the store's newest has not come within {}", LONGEST);
        } catch (StoreException e) {
            LOG.debug("the store does not answer", e);
        }
        return false;
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
    }
}
