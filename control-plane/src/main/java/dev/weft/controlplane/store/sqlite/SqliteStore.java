package dev.weft.controlplane.store.sqlite;

import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.TimeToLive;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.TransactionLimits;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchListener;
import dev.weft.controlplane.store.WatchStart;
import dev.weft.controlplane.store.Write;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The store in one SQLite file, held by one process. */
public final class SqliteStore implements Store {

    private final SqliteStoreConfig config;
    private final SqliteFile file;
    private final SqliteReaders readers;
    private final SqliteWriter writer;
    private final SqliteTimesToLive timesToLive;
    private final RevisionSignal signal;
    private final Set<SqliteWatch> watches = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private SqliteStore(SqliteStoreConfig config, SqliteFile file) throws SQLException {
        this.config = config;
        this.file = file;
        SqliteTables tables = new SqliteTables(file.openWriter());
        try {
            this.signal = new RevisionSignal(tables.revision());
            Map<Long, Duration> granted = tables.timesToLive();
            this.writer = new SqliteWriter(file, tables, config.keepRevisions(), signal);
            this.readers = new SqliteReaders(file);
            this.timesToLive = new SqliteTimesToLive(writer);
            writer.start();
            timesToLive.resume(granted);
        } catch (SQLException e) {
            tables.close();
            throw e;
        }
    }

    /** @throws StoreException UNAVAILABLE if another process has the store open, INTERNAL if the files cannot be used */
    public static SqliteStore open(SqliteStoreConfig config) {
        SqliteFile file = SqliteFile.open(config);
        try {
            return new SqliteStore(config, file);
        } catch (SQLException e) {
            file.close();
            throw SqliteErrors.rolledBack("open the store", file.path(), e);
        } catch (StoreException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public Optional<Entry> get(String key) {
        TransactionLimits.keyBytes(key);
        return readers.read("get " + key, tables -> tables.get(key));
    }

    @Override
    public Listing list(String prefix) {
        return readers.read("list " + prefix, tables -> {
            List<Entry> entries = tables.list(prefix);
            return new Listing(tables.revision(), entries);
        });
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        TransactionLimits.check(transaction);
        return writer.run("commit", session -> apply(session, transaction));
    }

    private static CommitResult apply(SqliteWriter.Session session, Transaction transaction) throws SQLException {
        SqliteTables tables = session.tables();
        for (Compare compare : transaction.compares()) {
            if (!holds(compare, tables.head(compare.key()))) {
                return new CommitResult.Conflict();
            }
        }
        requireTimesToLive(tables, transaction.writes());
        long revision = session.revision() + 1;
        boolean changed = false;
        for (Write write : transaction.writes()) {
            switch (write) {
                case Write.Put put -> {
                    tables.put(put.key(), put.value(), revision, Optional.empty());
                    changed = true;
                }
                case Write.PutWithTimeToLive put -> {
                    tables.put(
                            put.key(),
                            put.value(),
                            revision,
                            Optional.of(put.timeToLive().id()));
                    changed = true;
                }
                case Write.Delete delete -> changed |= tables.remove(delete.key(), revision);
            }
        }
        if (changed) {
            session.take(revision);
        }
        return new CommitResult.Committed(session.revision());
    }

    private static boolean holds(Compare compare, Optional<SqliteTables.Head> head) {
        return switch (compare) {
            case Compare.Absent _ -> head.isEmpty();
            case Compare.Exists _ -> head.isPresent();
            case Compare.ModifiedAt at ->
                head.filter(h -> h.modRevision() == at.modRevision()).isPresent();
        };
    }

    private static void requireTimesToLive(SqliteTables tables, List<Write> writes) throws SQLException {
        for (Write write : writes) {
            if (write instanceof Write.PutWithTimeToLive put
                    && !tables.hasTimeToLive(put.timeToLive().id())) {
                throw new StoreException(
                        Kind.EXPIRED, "put " + put.key() + ": its time to live has ended; nothing was written", null);
            }
        }
    }

    @Override
    public long revision() {
        requireOpen("revision");
        return signal.revision();
    }

    @Override
    public Watch watch(String prefix, WatchStart start, WatchListener listener) {
        SqliteWatch watch =
                new SqliteWatch(prefix, start, listener, readers, signal, config.progressInterval(), watches::remove);
        watches.add(watch);
        if (closed) {
            watches.remove(watch);
            requireOpen("watch " + prefix);
        }
        watch.begin();
        return watch;
    }

    @Override
    public void compact(long revision) {
        if (revision > revision()) {
            throw new IllegalArgumentException(
                    "cannot compact to revision " + revision + ": the newest is " + revision());
        }
        writer.compact(revision);
    }

    @Override
    public TimeToLive grantTimeToLive(Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("a time to live must be positive: " + duration);
        }
        return timesToLive.grant(duration);
    }

    @Override
    public boolean renew(TimeToLive timeToLive) {
        return timesToLive.renew(timeToLive);
    }

    @Override
    public void revoke(TimeToLive timeToLive) {
        timesToLive.revoke(timeToLive);
    }

    private void requireOpen(String attempt) {
        if (closed) {
            throw new StoreException(Kind.CLOSED, attempt + ": the store " + file.path() + " was closed", null);
        }
    }

    /** Work in progress is finished, watches end, and another process may open the store. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        watches.forEach(SqliteWatch::close);
        timesToLive.close();
        readers.close();
        writer.close();
        file.close();
    }
}
