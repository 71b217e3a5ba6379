package dev.weft.controlplane.store.sqlite;

import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Work that waits while the disk syncs is committed together with the next sync, so many
 * writers share one fsync; each still has its own revision. A platform thread, because it sits in native code most of its
 * time. Old history is forgotten between batches, a little at a time.
 */
final class SqliteWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SqliteWriter.class);
    private static final int BATCH = 128;
    private static final int FORGET_ROWS = 500;
    private static final long FORGET_RETRY_MILLIS = 5_000;

    private final Path path;
    private final SqliteTables tables;
    private final long keepRevisions;
    private final RevisionSignal signal;
    private final BlockingQueue<Job<?>> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    // Owned by the thread.
    /** At most the border of compaction in the database. */
    private long compacted;

    private boolean forgetting = true;

    /** What to do inside a write transaction. May be run again after a rollback. */
    @FunctionalInterface
    interface Work<T> {
        /** @throws StoreException only if it has written nothing */
        T run(Session session) throws SQLException;
    }

    /** One work's view of the transaction it runs in. */
    static final class Session {
        private final SqliteTables tables;
        private long revision;

        private Session(SqliteTables tables, long revision) {
            this.tables = tables;
            this.revision = revision;
        }

        SqliteTables tables() {
            return tables;
        }

        /** The newest revision, that of work done before in this transaction included. */
        long revision() {
            return revision;
        }

        /** The revision of what this work writes is now taken. */
        void take(long newRevision) {
            revision = newRevision;
        }
    }

    private static final class Job<T> {
        private final Work<T> work;
        private final CompletableFuture<T> done = new CompletableFuture<>();
        private @Nullable T value;
        private @Nullable StoreException refused;

        private Job(Work<T> work) {
            this.work = work;
        }

        private void run(Session session) throws SQLException {
            try {
                refused = null;
                value = work.run(session);
            } catch (StoreException e) {
                refused = e;
            }
        }

        @SuppressWarnings("NullAway") // value was set by run
        private void complete() {
            if (refused != null) {
                done.completeExceptionally(refused);
            } else {
                done.complete(value);
            }
        }
    }

    SqliteWriter(SqliteFile file, SqliteTables tables, long keepRevisions, RevisionSignal signal) throws SQLException {
        this.path = file.path();
        this.tables = tables;
        this.keepRevisions = keepRevisions;
        this.signal = signal;
        this.compacted = tables.compacted();
        this.thread = Thread.ofPlatform().name("weft-store-writer").daemon().unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    /** Waits until the work is committed, on disk as the durability asks, and visible to all readers. */
    <T> T run(String attempt, Work<T> work) {
        Job<T> job = new Job<>(work);
        queue.add(job);
        if (closed) {
            failWaiting();
        }
        try {
            return job.done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.OUTCOME_UNKNOWN, attempt + " on " + path + ": interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            Kind kind = cause instanceof StoreException store ? store.kind() : Kind.INTERNAL;
            String reason = cause == null ? "" : String.valueOf(cause.getMessage());
            throw new StoreException(kind, attempt + ": " + reason, cause);
        }
    }

    private void loop() {
        List<Job<?>> batch = new ArrayList<>();
        while (!closed) {
            try {
                Job<?> first = forgetting ? queue.poll() : queue.poll(FORGET_RETRY_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                    commit(batch);
                    batch.clear();
                }
                compactByItself();
                forgetSome();
            } catch (InterruptedException _) {
                // Only close() interrupts, and it has set the flag.
            }
        }
        failWaiting();
    }

    private void failWaiting() {
        for (Job<?> job = queue.poll(); job != null; job = queue.poll()) {
            job.done.completeExceptionally(new StoreException(Kind.CLOSED, "the store " + path + " was closed", null));
        }
    }

    /** All of the batch in one database transaction; if that fails, each alone, so that one cannot fail another. */
    private void commit(List<Job<?>> batch) {
        try {
            tables.beginWrite();
            Session session = new Session(tables, signal.revision());
            for (Job<?> job : batch) {
                job.run(session);
            }
            if (session.revision() != signal.revision()) {
                tables.setRevision(session.revision());
            }
            commitTables();
            signal.advance(session.revision());
            batch.forEach(Job::complete);
        } catch (SQLException | RuntimeException e) {
            rollback();
            StoreException failure = failure(e);
            if (batch.size() == 1 || failure.kind() == Kind.OUTCOME_UNKNOWN) {
                batch.forEach(job -> job.done.completeExceptionally(failure));
            } else {
                batch.forEach(job -> commit(List.of(job)));
            }
        }
    }

    private void commitTables() throws SQLException {
        try {
            tables.commit();
        } catch (SQLException e) {
            throw SqliteErrors.ofCommit(path, e);
        }
    }

    private StoreException failure(Exception e) {
        return switch (e) {
            case StoreException store -> store;
            case SQLException sql -> SqliteErrors.rolledBack("write", path, sql);
            default -> new StoreException(Kind.INTERNAL, "write on " + path + ": " + e, e);
        };
    }

    private void rollback() {
        try {
            tables.abandon();
        } catch (SQLException e) {
            // SQLite rolls back by itself on some errors, and then has no transaction to roll back.
            log.debug("rollback on {}: {}", path, e.getMessage());
        }
    }

    /** Moves the compaction's border; the rows behind it go in {@link #forgetSome}. */
    void compact(long revision) {
        run("compact to revision " + revision, session -> {
            if (revision > session.tables().compacted()) {
                session.tables().setCompacted(revision);
                forgetting = true;
            }
            return true;
        });
    }

    private void compactByItself() {
        long slack = Math.max(1, keepRevisions / 10);
        long border = signal.revision() - keepRevisions;
        if (border - compacted < slack) {
            return;
        }
        try {
            tables.beginWrite();
            compacted = tables.compacted();
            if (border > compacted) {
                tables.setCompacted(border);
            }
            commitTables();
            compacted = Math.max(border, compacted);
            forgetting = true;
        } catch (SQLException | StoreException e) {
            rollback();
            log.warn("compaction of {} to revision {} put off: {}", path, border, e.getMessage());
        }
    }

    private void forgetSome() {
        if (!forgetting) {
            return;
        }
        try {
            tables.beginWrite();
            forgetting = tables.forget(tables.compacted(), FORGET_ROWS) == FORGET_ROWS;
            commitTables();
        } catch (SQLException | StoreException e) {
            rollback();
            forgetting = false; // until the next compaction
            log.warn("removing compacted history from {} put off: {}", path, e.getMessage());
        }
    }

    /** Work in progress is finished, waiting work fails with CLOSED. */
    @Override
    public void close() {
        closed = true;
        queue.add(new Job<>(_ -> true)); // wakes the thread
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            tables.close();
        } catch (SQLException e) {
            throw SqliteErrors.rolledBack("close", path, e);
        }
    }
}
