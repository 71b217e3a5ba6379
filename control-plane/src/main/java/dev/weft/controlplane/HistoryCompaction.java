package dev.weft.controlplane;

import dev.weft.controlplane.leadership.LeaderTask;
import dev.weft.controlplane.leadership.Tenure;
import dev.weft.controlplane.store.CompactionPolicy;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader has etcd forget old history, which would fill its disk otherwise. It is no write of Weft's keys, so no
 * term is compared: what a leader that has just been deposed still compacts its successor would have compacted, too.
 */
final class HistoryCompaction implements LeaderTask {

    static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(HistoryCompaction.class);

    private final Store store;
    private final CompactionPolicy policy;
    private final Supplier<OptionalLong> published;
    private final Duration interval;

    /**
     * @param published up to which revision events have been published, 0 if that is not known; empty where nobody
     *     publishes
     * @param interval between two looks
     */
    HistoryCompaction(Store store, CompactionPolicy policy, Supplier<OptionalLong> published, Duration interval) {
        this.store = store;
        this.policy = policy;
        this.published = published;
        this.interval = interval;
    }

    @Override
    public String name() {
        return "compaction";
    }

    @Override
    public void lead(Tenure tenure) throws InterruptedException {
        long done = 0;
        do {
            try {
                long target = policy.target(store.revision(), published.get());
                // Not for a handful of revisions: etcd works through all keys for each compaction.
                if (target > 0 && target - done >= Math.max(1, policy.keepRevisions() / 10) && tenure.isConfirmed()) {
                    store.compact(target);
                    done = target;
                    LOG.info("history up to revision {} was compacted", target);
                }
            } catch (StoreException e) {
                LOG.warn("compaction is put off: {}", e.getMessage());
            }
        } while (!tenure.awaitEnd(interval));
    }
}
