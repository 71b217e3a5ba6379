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
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every statement on the tables of {@link SqliteSchema}, on one connection, for one thread at a time. */
final class SqliteTables implements AutoCloseable {

    private static final String REVISION = "revision";
    private static final String COMPACTED = "compacted";

    /** In the place of a create revision. */
    private static final long REMOVED = 0;

    /** Larger than any key: a byte that UTF-8 does not use. */
    private static final byte[] AFTER_ALL_KEYS = {(byte) 0xff};

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    SqliteTables(Connection connection) {
        this.connection = connection;
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
                SELECT h.key, h.value, h.create_revision, h.revision
                FROM current c JOIN history h ON h.id = c.id WHERE c.key = ?""");
        select.setBytes(1, bytes(key));
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? Optional.of(entry(rows)) : Optional.empty();
        }
    }

    /** The current row of a key, without the value. */
    record Head(long id, long createRevision, long modRevision) {}

    Optional<Head> head(String key) throws SQLException {
        PreparedStatement select = statement("""
                SELECT h.id, h.create_revision, h.revision
                FROM current c JOIN history h ON h.id = c.id WHERE c.key = ?""");
        select.setBytes(1, bytes(key));
        try (ResultSet rows = select.executeQuery()) {
            return rows.next()
                    ? Optional.of(new Head(rows.getLong(1), rows.getLong(2), rows.getLong(3)))
                    : Optional.empty();
        }
    }

    List<Entry> list(String prefix) throws SQLException {
        PreparedStatement select = statement("""
                SELECT h.key, h.value, h.create_revision, h.revision
                FROM current c JOIN history h ON h.id = c.id WHERE c.key >= ? AND c.key < ? ORDER BY c.key""");
        select.setBytes(1, bytes(prefix));
        select.setBytes(2, endOf(prefix));
        List<Entry> entries = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                entries.add(entry(rows));
            }
        }
        return entries;
    }

    /** Sets the key, and ties it to the time to live or to none. */
    void put(String key, ByteString value, long revision, Optional<Long> timeToLive) throws SQLException {
        Optional<Head> previous = head(key);
        if (previous.isPresent()) {
            supersede(previous.get().id(), revision);
        }
        long created = previous.map(Head::createRevision).orElse(revision);
        long id = append(revision, created, previous, key, Optional.of(value));
        PreparedStatement upsert = statement("INSERT OR REPLACE INTO current (key, id, time_to_live) VALUES (?, ?, ?)");
        upsert.setBytes(1, bytes(key));
        upsert.setLong(2, id);
        if (timeToLive.isPresent()) {
            upsert.setLong(3, timeToLive.get());
        } else {
            upsert.setNull(3, Types.INTEGER);
        }
        upsert.executeUpdate();
    }

    /** Returns whether there was such a key. */
    boolean remove(String key, long revision) throws SQLException {
        Optional<Head> previous = head(key);
        if (previous.isEmpty()) {
            return false;
        }
        supersede(previous.get().id(), revision);
        supersede(append(revision, REMOVED, previous, key, Optional.empty()), revision);
        PreparedStatement delete = statement("DELETE FROM current WHERE key = ?");
        delete.setBytes(1, bytes(key));
        delete.executeUpdate();
        return true;
    }

    private void supersede(long id, long revision) throws SQLException {
        PreparedStatement insert = statement("INSERT INTO superseded (revision, id) VALUES (?, ?)");
        insert.setLong(1, revision);
        insert.setLong(2, id);
        insert.executeUpdate();
    }

    private long append(
            long revision, long createRevision, Optional<Head> previous, String key, Optional<ByteString> value)
            throws SQLException {
        PreparedStatement insert = statement("""
                INSERT INTO history (revision, create_revision, previous, key, value)
                VALUES (?, ?, ?, ?, ?) RETURNING id""");
        insert.setLong(1, revision);
        insert.setLong(2, createRevision);
        insert.setLong(3, previous.map(Head::id).orElse(0L));
        insert.setBytes(4, bytes(key));
        if (value.isPresent()) {
            insert.setBytes(5, value.get().toByteArray());
        } else {
            insert.setNull(5, Types.BLOB);
        }
        try (ResultSet rows = insert.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("no id for the row of revision " + revision);
            }
            return rows.getLong(1);
        }
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
                FROM history h LEFT JOIN history p ON p.id = h.previous
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
        return createRevision == REMOVED
                ? new Mutation.Removed(key, previous)
                : new Mutation.Updated(new Entry(key, blob(rows, 3), createRevision, rows.getLong(1)), previous);
    }

    /** Removes up to {@code limit} rows superseded at or before the revision; returns how many. */
    int forget(long revision, int limit) throws SQLException {
        PreparedStatement rows = statement("""
                DELETE FROM history WHERE id IN
                (SELECT id FROM superseded WHERE revision <= ? ORDER BY revision, id LIMIT ?)""");
        rows.setLong(1, revision);
        rows.setInt(2, limit);
        rows.executeUpdate();
        PreparedStatement marks = statement("""
                DELETE FROM superseded WHERE (revision, id) IN
                (SELECT revision, id FROM superseded WHERE revision <= ? ORDER BY revision, id LIMIT ?)""");
        marks.setLong(1, revision);
        marks.setInt(2, limit);
        return marks.executeUpdate();
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
        PreparedStatement select = statement("SELECT key FROM current WHERE time_to_live = ? ORDER BY key");
        select.setLong(1, timeToLive);
        List<String> keys = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                keys.add(new String(rows.getBytes(1), StandardCharsets.UTF_8));
            }
        }
        return keys;
    }

    private static Entry entry(ResultSet rows) throws SQLException {
        return new Entry(
                new String(rows.getBytes(1), StandardCharsets.UTF_8), blob(rows, 2), rows.getLong(3), rows.getLong(4));
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

    /**
     * Ends the transaction after an error. The driver gives up a statement that failed, so none is used again.
     *
     * @throws SQLException also if SQLite has ended the transaction by itself
     */
    void abandon() throws SQLException {
        for (PreparedStatement prepared : statements.values()) {
            prepared.close();
        }
        statements.clear();
        rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
