package dev.weft.controlplane.store.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables.
 *
 * <p>{@code history} has a row for each write of each key, never changed; a removal has no value and create revision 0.
 * {@code current} names the newest row of each key that exists. {@code superseded} says at which revision a row ceased to
 * be needed for the present: that of the key's next write, for a removal its own. So compaction up to R removes what was
 * superseded at or before R, and each question is a walk along one index. Keys are blobs, ordered by their bytes.
 */
final class SqliteSchema {

    private SqliteSchema() {}

    /** A new store is at revision 1, as etcd's. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    """
                    CREATE TABLE history (
                      id INTEGER PRIMARY KEY,
                      revision INTEGER NOT NULL,
                      create_revision INTEGER NOT NULL,
                      previous INTEGER NOT NULL,
                      key BLOB NOT NULL,
                      value BLOB
                    ) STRICT""",
                    "CREATE UNIQUE INDEX history_in_order ON history (revision, key)",
                    """
                    CREATE TABLE current (
                      key BLOB PRIMARY KEY,
                      id INTEGER NOT NULL,
                      time_to_live INTEGER
                    ) STRICT, WITHOUT ROWID""",
                    "CREATE INDEX current_tied ON current (time_to_live) WHERE time_to_live IS NOT NULL",
                    """
                    CREATE TABLE superseded (
                      revision INTEGER NOT NULL,
                      id INTEGER NOT NULL,
                      PRIMARY KEY (revision, id)
                    ) STRICT, WITHOUT ROWID""",
                    "CREATE TABLE time_to_live (id INTEGER PRIMARY KEY, millis INTEGER NOT NULL) STRICT",
                    "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
                    "INSERT INTO counter VALUES ('revision', 1), ('compacted', 0)")) {
                statement.execute(sql);
            }
        }
    }
}
