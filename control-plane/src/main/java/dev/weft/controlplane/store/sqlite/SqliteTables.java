package dev.weft.controlplane.store.sqlite;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every SQL statement, on one connection, for one thread at a time.
 *
 * <p>{@code history} has a row for each write of each key. A row is superseded at the revision of the key's next write; a
 * removal, whose value is null, at its own. So the current entries are the rows that are not superseded, the entries as
 * of an old revision R those written at or before R and not superseded at or before R, and compaction up to R removes
 * what was superseded at or before R: each is a walk along one index. Keys are blobs, which SQLite orders by their bytes.
 */
final class SqliteTables implements AutoCloseable {

    private static final String REVISION = "revision";
    private static final String COMPACTED = "compacted";

    /** Larger than any key: a byte that UTF-8 does not use. */
    private static final byte[] AFTER_ALL_KEYS = {(byte) 0xff};

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    SqliteTables(Connection connection) {
        this.connection = connection;
    }

    /** Does nothing if the tables exist. A new store is at revision 1, as etcd's. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    """
                    CREATE TABLE IF NOT EXISTS history (
                      id INTEGER PRIMARY KEY,
                      revision INTEGER NOT NULL,
                      key BLOB NOT NULL,
                      value BLOB,
                      create_revision INTEGER NOT NULL,
                      previous_revision INTEGER NOT NULL,
                      time_to_live INTEGER,
                      superseded INTEGER
                    ) STRICT""",
                    "CREATE UNIQUE INDEX IF NOT EXISTS history_in_order ON history (revision, key)",
                    "CREATE UNIQUE INDEX IF NOT EXISTS history_current ON history (key) WHERE superseded IS NULL",
                    """
                    CREATE INDEX IF NOT EXISTS history_superseded ON history (superseded)
                    WHERE superseded IS NOT NULL""",
                    """
                    CREATE INDEX IF NOT EXISTS history_time_to_live ON history (time_to_live)
                    WHERE time_to_live IS NOT NULL AND superseded IS NULL""",
                    "CREATE TABLE IF NOT EXISTS time_to_live (id INTEGER PRIMARY KEY, millis INTEGER NOT NULL) STRICT",
                    "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
                    "INSERT OR IGNORE INTO counter VALUES ('revision', 1), ('compacted', 0)")) {
                statement.execute(sql);
            }
        }
    }

    long revision() throws SQLException {
        return counter(REVISION);
    }

    /** The revision up to which history has been forgotten; 0 if never. */
    long compacted() throws SQLException {
        return counter(COMPACTED);
    }

    private long counter(String name) throws SQLException {
        PreparedStatement select = statement("SELECT value FROM counter WHERE name = ?");
        select.setString(1, name);
        try (ResultSet rows = select.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("the counter " + name + " is missing");
            }
            return rows.getLong(1);
        }
    }

    void setRevision(long revision) throws SQLException {
        setCounter(REVISION, revision);
    }

    void setCompacted(long revision) throws SQLException {
        setCounter(COMPACTED, revision);
    }

    private void setCounter(String name, long value) throws SQLException {
        PreparedStatement update = statement("UPDATE counter SET value = ? WHERE name = ?");
        update.setLong(1, value);
        update.setString(2, name);
        update.executeUpdate();
    }

    Optional<Entry> get(String key) throws SQLException {
        PreparedStatement select = statement("""
                SELECT key, value, create_revision, revision FROM history WHERE key = ? AND superseded IS NULL""");
        select.setBytes(1, bytes(key));
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? Optional.of(entry(rows, 1)) : Optional.empty();
        }
    }

    List<Entry> list(String prefix) throws SQLException {
        PreparedStatement select = statement("""
                SELECT key, value, create_revision, revision FROM history
                WHERE key >= ? AND key < ? AND superseded IS NULL ORDER BY key""");
        select.setBytes(1, bytes(prefix));
        select.setBytes(2, endOf(prefix));
        List<Entry> entries = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                entries.add(entry(rows, 1));
            }
        }
        return entries;
    }

    /** The key's row is superseded and a new one written; the first write of a key has create revision = revision. */
    void put(String key, ByteString value, long revision, Optional<Long> timeToLive) throws SQLException {
        Optional<Entry> previous = get(key);
        supersede(key, revision);
        insert(key, revision, value, previous.map(Entry::createRevision).orElse(revision), previous, timeToLive);
    }

    /** Returns whether there was such a key. */
    boolean remove(String key, long revision) throws SQLException {
        Optional<Entry> previous = get(key);
        if (previous.isEmpty()) {
            return false;
        }
        supersede(key, revision);
        PreparedStatement insert = statement("""
                INSERT INTO history (revision, key, create_revision, previous_revision, superseded)
                VALUES (?, ?, 0, ?, ?)""");
        insert.setLong(1, revision);
        insert.setBytes(2, bytes(key));
        insert.setLong(3, previous.get().modRevision());
        insert.setLong(4, revision);
        insert.executeUpdate();
        return true;
    }

    private void supersede(String key, long revision) throws SQLException {
        PreparedStatement update = statement("UPDATE history SET superseded = ? WHERE key = ? AND superseded IS NULL");
        update.setLong(1, revision);
        update.setBytes(2, bytes(key));
        update.executeUpdate();
    }

    private void insert(
            String key,
            long revision,
            ByteString value,
            long createRevision,
            Optional<Entry> previous,
            Optional<Long> timeToLive)
            throws SQLException {
        PreparedStatement insert = statement("""
                INSERT INTO history (revision, key, value, create_revision, previous_revision, time_to_live)
                VALUES (?, ?, ?, ?, ?, ?)""");
        insert.setLong(1, revision);
        insert.setBytes(2, bytes(key));
        insert.setBytes(3, value.toByteArray());
        insert.setLong(4, createRevision);
        insert.setLong(5, previous.map(Entry::modRevision).orElse(0L));
        if (timeToLive.isPresent()) {
            insert.setLong(6, timeToLive.get());
        } else {
            insert.setNull(6, Types.INTEGER);
        }
        insert.executeUpdate();
    }

    /**
     * Changes after a revision, oldest first, whole revisions only.
     *
     * @param complete whether there are none after these
     */
    record ChangePage(List<WatchEvent.Changes> changes, boolean complete) {}

    /** Reads until the rows are over or, at the end of a revision, at least {@code pageRows} have been read. */
    ChangePage changesAfter(long revision, String prefix, int pageRows) throws SQLException {
        PreparedStatement select = statement("""
                SELECT h.revision, h.key, h.value, h.create_revision, p.value, p.create_revision, p.revision
                FROM history h LEFT JOIN history p ON p.revision = h.previous_revision AND p.key = h.key
                WHERE h.revision > ? AND h.key >= ? AND h.key < ? ORDER BY h.revision, h.key""");
        select.setLong(1, revision);
        select.setBytes(2, bytes(prefix));
        select.setBytes(3, endOf(prefix));
        List<WatchEvent.Changes> changes = new ArrayList<>();
        List<Mutation> ofOneRevision = new ArrayList<>();
        long current = 0;
        int read = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                if (rows.getLong(1) != current && !ofOneRevision.isEmpty()) {
                    changes.add(new WatchEvent.Changes(current, ofOneRevision));
                    ofOneRevision.clear();
                    if (read >= pageRows) {
                        return new ChangePage(changes, false);
                    }
                }
                current = rows.getLong(1);
                ofOneRevision.add(mutation(rows));
                read++;
            }
        }
        if (!ofOneRevision.isEmpty()) {
            changes.add(new WatchEvent.Changes(current, ofOneRevision));
        }
        return new ChangePage(changes, true);
    }

    private static Mutation mutation(ResultSet rows) throws SQLException {
        String key = new String(rows.getBytes(2), StandardCharsets.UTF_8);
        long previousRevision = rows.getLong(7);
        Optional<Entry> previous = previousRevision == 0
                ? Optional.empty()
                : Optional.of(new Entry(key, blob(rows, 5), rows.getLong(6), previousRevision));
        long createRevision = rows.getLong(4);
        return createRevision == 0
                ? new Mutation.Removed(key, previous)
                : new Mutation.Updated(new Entry(key, blob(rows, 3), createRevision, rows.getLong(1)), previous);
    }

    /** Removes up to {@code limit} rows superseded at or before the revision; returns how many. */
    int forget(long revision, int limit) throws SQLException {
        PreparedStatement delete = statement("""
                DELETE FROM history WHERE id IN (SELECT id FROM history WHERE superseded <= ? LIMIT ?)""");
        delete.setLong(1, revision);
        delete.setInt(2, limit);
        return delete.executeUpdate();
    }

    void insertTimeToLive(long id, Duration duration) throws SQLException {
        PreparedStatement insert = statement("INSERT INTO time_to_live VALUES (?, ?)");
        insert.setLong(1, id);
        insert.setLong(2, duration.toMillis());
        insert.executeUpdate();
    }

    void removeTimeToLive(long id) throws SQLException {
        PreparedStatement delete = statement("DELETE FROM time_to_live WHERE id = ?");
        delete.setLong(1, id);
        delete.executeUpdate();
    }

    boolean hasTimeToLive(long id) throws SQLException {
        PreparedStatement select = statement("SELECT 1 FROM time_to_live WHERE id = ?");
        select.setLong(1, id);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next();
        }
    }

    Map<Long, Duration> timesToLive() throws SQLException {
        Map<Long, Duration> durations = new HashMap<>();
        try (ResultSet rows = statement("SELECT id, millis FROM time_to_live").executeQuery()) {
            while (rows.next()) {
                durations.put(rows.getLong(1), Duration.ofMillis(rows.getLong(2)));
            }
        }
        return durations;
    }

    List<String> keysTiedTo(long timeToLive) throws SQLException {
        PreparedStatement select =
                statement("SELECT key FROM history WHERE time_to_live = ? AND superseded IS NULL ORDER BY key");
        select.setLong(1, timeToLive);
        List<String> keys = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                keys.add(new String(rows.getBytes(1), StandardCharsets.UTF_8));
            }
        }
        return keys;
    }

    private static Entry entry(ResultSet rows, int column) throws SQLException {
        return new Entry(
                new String(rows.getBytes(column), StandardCharsets.UTF_8),
                blob(rows, column + 1),
                rows.getLong(column + 2),
                rows.getLong(column + 3));
    }

    private static ByteString blob(ResultSet rows, int column) throws SQLException {
        return ByteString.copyFrom(rows.getBytes(column));
    }

    private PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement prepared = statements.get(sql);
        if (prepared == null) {
            prepared = connection.prepareStatement(sql);
            statements.put(sql, prepared);
        }
        return prepared;
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /** The smallest key that is larger than all with the prefix. UTF-8 never ends in 0xff, so the last byte can grow. */
    private static byte[] endOf(String prefix) {
        if (prefix.isEmpty()) {
            return AFTER_ALL_KEYS;
        }
        byte[] bytes = bytes(prefix);
        byte[] end = Arrays.copyOf(bytes, bytes.length);
        end[end.length - 1]++;
        return end;
    }

    // SQLite may end a transaction by itself on an error; the driver's own begin and commit would not notice and run
    // what
    // follows in statements of their own. So transactions are begun and ended here, by name.

    void beginRead() throws SQLException {
        statement("BEGIN DEFERRED").execute();
    }

    void beginWrite() throws SQLException {
        statement("BEGIN IMMEDIATE").execute();
    }

    void commit() throws SQLException {
        statement("COMMIT").execute();
    }

    void rollback() throws SQLException {
        statement("ROLLBACK").execute();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
