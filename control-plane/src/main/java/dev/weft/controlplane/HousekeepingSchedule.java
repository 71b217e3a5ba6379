package dev.weft.controlplane;

import dev.weft.controlplane.service.Housekeeping;
import dev.weft.controlplane.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the housekeeping now and then, on a virtual thread, until it is closed. */
final class HousekeepingSchedule implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HousekeepingSchedule.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

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
        try {
            while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    housekeeping.run();
                } catch (StoreException e) {
                    LOG.warn("Housekeeping is put off: {}", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("Housekeeping failed; it is tried again in {}", INTERVAL, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop.countDown();
        thread.join();
    }
}
