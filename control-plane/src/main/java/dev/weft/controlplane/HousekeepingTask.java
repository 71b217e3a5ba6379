package dev.weft.controlplane;

import dev.weft.controlplane.leadership.LeaderTask;
import dev.weft.controlplane.leadership.Tenure;
import dev.weft.controlplane.service.Housekeeping;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.trust.TrustOperations;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leader runs the housekeeping when its tenure begins, and then now and then. */
final class HousekeepingTask implements LeaderTask {

    private static final Logger LOG = LoggerFactory.getLogger(HousekeepingTask.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Orphans come to be only when a process dies at a bad moment. */
    private static final int INTERVALS_BETWEEN_ORPHAN_SWEEPS = 120;

    private final Housekeeping housekeeping;
    private final TrustOperations trust;

    HousekeepingTask(Housekeeping housekeeping, TrustOperations trust) {
        this.housekeeping = housekeeping;
        this.trust = trust;
    }

    @Override
    public String name() {
        return "housekeeping";
    }

    @Override
    public void lead(Tenure tenure) throws InterruptedException {
        List<Compare> conditions = List.of(tenure.held());
        int interval = 0;
        do {
            boolean sweepsOrphans = interval++ % INTERVALS_BETWEEN_ORPHAN_SWEEPS == 0;
            attempt(() -> housekeeping.removeFinishedRests(conditions));
            attempt(() -> housekeeping.collectLeaks(conditions));
            if (sweepsOrphans) {
                attempt(() -> housekeeping.removeOrphans(conditions));
                attempt(() -> trust.forgetExpired(conditions));
            }
        } while (!tenure.awaitEnd(INTERVAL));
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
}
