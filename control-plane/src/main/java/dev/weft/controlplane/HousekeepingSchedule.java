package dev.weft.controlplane;

import dev.weft.controlplane.service.Housekeeping;
import dev.weft.controlplane.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the housekeeping at the start and now and then, on a virtual thread, until it is closed. */
final class HousekeepingSchedule implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HousekeepingSchedule.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Orphans come to be only when a process dies at a bad moment. */
    private static final int INTERVALS_BETWEEN_ORPHAN_SWEEPS = 120;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private HousekeepingSchedule(Housekeeping housekeeping) {
        thread = Thread.ofVirtual().name("housekeeping").unstarted(() -> run(housekeeping));
    }

    static HousekeepingSchedule start(Housekeeping housekeeping) {
        HousekeepingSchedule schedule = new HousekeepingSchedule(housekeeping);
        schedule.thread.start();
        return schedule;
    }

    private void run(Housekeeping housekeeping) {
        int interval = 0;
        try {
            do {
                boolean sweepsOrphans = interval++ % INTERVALS_BETWEEN_ORPHAN_SWEEPS == 0;
                attempt(housekeeping::removeFinishedRests);
                attempt(housekeeping::collectLeaks);
                if (sweepsOrphans) {
                    attempt(housekeeping::removeOrphans);
                }
            } while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void attempt(Runnable task) {
        try {
            task.run();
        } catch (StoreException e) {
            LOG.warn("Housekeeping is put off: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Housekeeping failed; it is tried again in {}", INTERVAL, e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop.countDown();
        thread.join();
    }
}
