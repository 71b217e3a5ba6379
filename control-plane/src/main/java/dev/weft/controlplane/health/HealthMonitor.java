package dev.weft.controlplane.health;

import dev.weft.ops.Readiness;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether this replica can do its work, so that whoever asks is answered at once, from the last
 * look, even while a look hangs. It is not ready before the first look and from {@link #stopping} on.
 */
public final class HealthMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** A look that takes longer has found something wrong by that alone. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Says how it stands now. May block, for as long as the patience at most to count. */
    public interface Check {
        Readiness look() throws InterruptedException;
    }

    private final Duration interval;
    private final Duration patience;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile Readiness last = Readiness.notReady("starting");
    private volatile boolean looking;
    private volatile long lookNanoTime;
    private volatile boolean stopping;
    private volatile Consumer<Readiness> news = readiness -> {};

    public HealthMonitor() {
        this(INTERVAL, PATIENCE);
    }

    HealthMonitor(Duration interval, Duration patience) {
        this.interval = interval;
        this.patience = patience;
    }

    /**
     * Looks now, and then again and again. To be called once.
     *
     * @param listener told when it becomes ready or ceases to be
     */
    public void start(Check check, Consumer<Readiness> listener) {
        news = listener;
        Thread.ofVirtual().name("health").start(() -> run(check));
    }

    private void run(Check check) {
        try {
            do {
                looking = true;
                lookNanoTime = System.nanoTime();
                Readiness found = check.look();
                looking = false;
                if (!stopping) {
                    take(found);
                }
            } while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Readiness found) {
        boolean changed = found.isReady() != last.isReady();
        last = found;
        if (!changed) {
            return;
        }
        if (found.isReady()) {
            LOG.info("Ready");
        } else {
            LOG.warn("Not ready: {}", String.join("; ", found.reasons()));
        }
        news.accept(found);
    }

    public Readiness readiness() {
        if (stopping) {
            return Readiness.notReady("stopping");
        }
        Duration since = Duration.ofNanos(System.nanoTime() - lookNanoTime);
        return looking && last.isReady() && since.compareTo(patience) > 0
                ? Readiness.notReady("store: no answer for " + since.toSeconds() + " s")
                : last;
    }

    /** From now on it is not ready, before anything is stopped. */
    public void stopping() {
        stopping = true;
        news.accept(readiness());
    }

    @Override
    public void close() {
        stopping = true;
        stop.countDown();
    }
}
