package dev.weft.controlplane.leadership;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Leader;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.TimeToLive;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This replica's part in the choice of a leader. The leader holds a key that is tied to a time to live and renews it; when
 * it does not, the key vanishes and the next replica takes it, with a term one higher. The newest term is kept in a second
 * key, which stays.
 */
public final class Leadership implements AutoCloseable {

    /** How long a leader that has died still counts as the leader. */
    public static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /** Renewals that may fail within one time to live. */
    private static final int RENEWALS = 4;

    private final Store store;
    private final String holder;
    private final Duration timeToLive;
    private final List<LeaderTask> tasks;

    private final CountDownLatch stop = new CountDownLatch(1);
    /** Has a permit when the leader's key may have vanished. */
    private final Semaphore vacancy = new Semaphore(0);

    private final Thread thread;
    private volatile Optional<Tenure> tenure = Optional.empty();

    private Leadership(Store store, String holder, Duration timeToLive, List<LeaderTask> tasks) {
        this.store = store;
        this.holder = holder;
        this.timeToLive = timeToLive;
        this.tasks = List.copyOf(tasks);
        this.thread = Thread.ofVirtual().name("leadership").unstarted(this::run);
    }

    /**
     * Stands for election until closed.
     *
     * @param holder this replica's name, for people
     * @param timeToLive how long a leader that has died still counts as the leader; the store may make it longer
     * @param tasks what this replica does while it leads
     */
    public static Leadership start(Store store, String holder, Duration timeToLive, List<LeaderTask> tasks) {
        Leadership leadership = new Leadership(store, holder, timeToLive, tasks);
        leadership.thread.start();
        return leadership;
    }

    /** This replica's tenure, if it leads as far as it knows. */
    public Optional<Tenure> tenure() {
        return tenure.filter(current -> !current.isOver());
    }

    /** Who leads, by the store. */
    public Optional<Leader> leader() {
        return store.get(Keys.LEADER).map(entry -> ModelCodec.LEADER.decode(entry.key(), entry.value()));
    }

    private void run() {
        try (Watch _ = store.watch(Keys.LEADER, new WatchStart.FromSnapshot(), this::look)) {
            while (stop.getCount() > 0) {
                vacancy.drainPermits();
                try {
                    Optional<Claim> claim = claim();
                    if (claim.isPresent()) {
                        reign(claim.get());
                    } else if (vacancy.tryAcquire(timeToLive.toMillis(), TimeUnit.MILLISECONDS)) {
                        LOG.debug("The leader's key has vanished");
                    }
                } catch (StoreException e) {
                    LOG.warn("Standing for leadership is put off: {}", e.getMessage());
                    if (stop.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (StoreException e) {
            LOG.error("Standing for leadership ends: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(WatchEvent event) {
        boolean vacant = switch (event) {
            case WatchEvent.Snapshot(long _, List<Entry> entries) -> entries.isEmpty();
            case WatchEvent.Changes(long _, List<WatchEvent.Mutation> mutations) ->
                mutations.stream().anyMatch(mutation -> mutation instanceof WatchEvent.Mutation.Removed);
            case WatchEvent.Progress _, WatchEvent.Compacted _ -> false;
        };
        if (vacant) {
            vacancy.release();
        }
    }

    /** The leader's key, just taken. */
    private record Claim(long term, long revision, TimeToLive timeToLive, long lastNanoTime) {}

    /** Takes the leader's key if nobody holds it. */
    private Optional<Claim> claim() {
        if (store.get(Keys.LEADER).isPresent()) {
            return Optional.empty();
        }
        Optional<Entry> last = store.get(Keys.LAST_LEADER);
        long term = 1
                + last.map(entry -> ModelCodec.LEADER
                                .decode(entry.key(), entry.value())
                                .term())
                        .orElse(0L);
        long granted = System.nanoTime();
        TimeToLive lifetime = store.grantTimeToLive(timeToLive);
        boolean taken = false;
        try {
            var value = ModelCodec.LEADER.encode(new Leader(holder, term));
            Transaction.Builder transaction = Transaction.builder().whenAbsent(Keys.LEADER);
            last.ifPresentOrElse(transaction::whenUnchanged, () -> transaction.whenAbsent(Keys.LAST_LEADER));
            CommitResult result = store.commit(transaction
                    .put(Keys.LEADER, value, lifetime)
                    .put(Keys.LAST_LEADER, value)
                    .build());
            taken = result instanceof CommitResult.Committed;
            return switch (result) {
                case CommitResult.Committed(long revision) ->
                    Optional.of(new Claim(
                            term,
                            revision,
                            lifetime,
                            granted + lifetime.duration().toNanos()));
                case CommitResult.Conflict() -> Optional.empty();
            };
        } finally {
            // Also where the answer was lost: a key that was written after all goes with its time to live.
            if (!taken) {
                revoke(lifetime);
            }
        }
    }

    private void reign(Claim claim) throws InterruptedException {
        Tenure now = new Tenure(store, claim.term(), claim.revision(), claim.lastNanoTime());
        tenure = Optional.of(now);
        LOG.info("{} leads from now on, term {}", holder, claim.term());
        List<Thread> running = tasks.stream()
                .map(task -> Thread.ofVirtual().name(task.name()).start(() -> run(task, now)))
                .toList();
        String reason = "interrupted";
        try {
            reason = renewUntilLost(claim, now);
        } finally {
            now.end();
            tenure = Optional.empty();
            running.forEach(Thread::interrupt);
            for (Thread task : running) {
                task.join();
            }
            revoke(claim.timeToLive());
            LOG.info("{} leads no more, term {}: {}", holder, claim.term(), reason);
        }
    }

    /** Returns why the tenure is over. */
    private String renewUntilLost(Claim claim, Tenure now) throws InterruptedException {
        Duration lifetime = claim.timeToLive().duration();
        while (!stop.await(lifetime.toMillis() / RENEWALS, TimeUnit.MILLISECONDS)) {
            long begin = System.nanoTime();
            try {
                if (!store.renew(claim.timeToLive())) {
                    return "it did not renew its time in time";
                }
                now.renewedUntil(begin + lifetime.toNanos());
            } catch (StoreException e) {
                LOG.warn("Renewing the leadership failed: {}", e.getMessage());
            }
            if (now.isOver()) {
                return "the store could not be reached for " + lifetime.toSeconds() + " s";
            }
        }
        return "this replica stops";
    }

    private static void run(LeaderTask task, Tenure tenure) {
        try {
            do {
                attempt(task, tenure);
            } while (!tenure.awaitEnd(PAUSE_AFTER_FAILURE));
        } catch (InterruptedException _) {
            // The tenure is over, which the task was to learn by this.
            LOG.debug("{} was interrupted", task.name());
        }
    }

    private static void attempt(LeaderTask task, Tenure tenure) throws InterruptedException {
        try {
            task.lead(tenure);
        } catch (RuntimeException e) {
            if (tenure.isOver()) {
                LOG.debug("{} ended with the tenure", task.name(), e);
            } else {
                LOG.error("{} failed; it begins again", task.name(), e);
            }
        }
    }

    private void revoke(TimeToLive lifetime) {
        try {
            store.revoke(lifetime);
        } catch (StoreException e) {
            LOG.debug("The leader's key stays until its time runs out: {}", e.getMessage());
        }
    }

    /** Ends the tenure, if any, and lets the next replica lead at once. */
    @Override
    public void close() throws InterruptedException {
        stop.countDown();
        vacancy.release();
        thread.join();
    }
}
