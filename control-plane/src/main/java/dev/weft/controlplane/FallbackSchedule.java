package dev.weft.controlplane;

import dev.weft.controlplane.service.Fallbacks;
import dev.weft.controlplane.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for endpoints that have to fall back or can return, on a virtual thread, until it is closed. */
final class FallbackSchedule implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FallbackSchedule.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private FallbackSchedule(Fallbacks fallbacks) {
        thread = Thread.ofVirtual().name("fallbacks").unstarted(() -> run(fallbacks));
    }

    static FallbackSchedule start(Fallbacks fallbacks) {
        FallbackSchedule schedule = new FallbackSchedule(fallbacks);
        schedule.thread.start();
        return schedule;
    }

    private void run(Fallbacks fallbacks) {
        try {
            while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look(fallbacks);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void look(Fallbacks fallbacks) {
        try {
            fallbacks.look();
        } catch (StoreException e) {
            LOG.warn("Fallbacks are put off: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Looking for fallbacks failed; it is tried again in {}", INTERVAL, e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop.countDown();
        thread.join();
    }
}
