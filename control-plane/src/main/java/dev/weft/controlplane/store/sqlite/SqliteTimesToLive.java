package dev.weft.controlplane.store.sqlite;

import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.TimeToLive;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends times to live. Which exist, and what is tied to them, is in the database; when they end is kept here by the
 * monotonic clock, so the wall clock may jump, a renewal costs no write, and a restart of the process starts all anew. All
 * decisions are made on the writer's thread, so a renewal and an end never both succeed.
 */
final class SqliteTimesToLive implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SqliteTimesToLive.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private record Deadline(Duration duration, long nanoTime) {
        static Deadline after(Duration duration) {
            return new Deadline(duration, System.nanoTime() + duration.toNanos());
        }

        long remainingNanos() {
            return nanoTime - System.nanoTime();
        }
    }

    private final SqliteWriter writer;
    private final Map<Long, Deadline> deadlines = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("weft-store-ttl").daemon().factory());

    SqliteTimesToLive(SqliteWriter writer) {
        this.writer = writer;
    }

    /** Starts the duration of each anew. */
    void resume(Map<Long, Duration> existing) {
        existing.forEach(this::begin);
    }

    TimeToLive grant(Duration duration) {
        long id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        writer.run("grant a time to live", session -> {
            session.tables().insertTimeToLive(id, duration);
            return true;
        });
        begin(id, duration);
        return new TimeToLive(id, duration);
    }

    boolean renew(TimeToLive timeToLive) {
        long id = timeToLive.id();
        return writer.run("renew a time to live", session -> {
            if (!session.tables().hasTimeToLive(id)) {
                return false;
            }
            deadlines.computeIfPresent(id, (_, deadline) -> Deadline.after(deadline.duration()));
            return true;
        });
    }

    void revoke(TimeToLive timeToLive) {
        writer.run("revoke a time to live", session -> end(session, timeToLive.id()));
        deadlines.remove(timeToLive.id());
    }

    private void begin(long id, Duration duration) {
        deadlines.put(id, Deadline.after(duration));
        schedule(id, duration.toNanos());
    }

    private void schedule(long id, long nanos) {
        try {
            var _ = timer.schedule(() -> check(id), Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            log.debug("time to live {} ends after the store was closed", id);
        }
    }

    private void check(long id) {
        Deadline deadline = deadlines.get(id);
        if (deadline == null) {
            return;
        }
        if (deadline.remainingNanos() > 0) {
            schedule(id, deadline.remainingNanos());
            return;
        }
        try {
            boolean ended = writer.run("end a time to live", session -> isDue(id) && end(session, id));
            if (ended) {
                deadlines.remove(id);
            } else {
                schedule(id, 0);
            }
        } catch (StoreException e) {
            if (e.kind() != Kind.CLOSED) {
                log.warn("time to live {} ran out but its keys stay for now: {}", id, e.getMessage());
                schedule(id, RETRY.toNanos());
            }
        }
    }

    private boolean isDue(long id) {
        Deadline deadline = deadlines.get(id);
        return deadline != null && deadline.remainingNanos() <= 0;
    }

    private static boolean end(SqliteWriter.Session session, long id) throws SQLException {
        long revision = session.revision() + 1;
        boolean removed = false;
        for (String key : session.tables().keysTiedTo(id)) {
            removed |= session.tables().remove(key, revision);
        }
        session.tables().removeTimeToLive(id);
        if (removed) {
            session.take(revision);
        }
        return true;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
