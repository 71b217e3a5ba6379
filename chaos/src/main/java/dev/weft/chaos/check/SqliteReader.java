package dev.weft.chaos.check;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the embedded store's file, while the control plane has it open. */
public final class SqliteReader implements StoreReader {

    private static final String PREFIX = "/weft/";

    private final String url;

    public SqliteReader(Path file) {
        this.url = "jdbc:sqlite:file:" + file + "?mode=ro";
    }

    @Override
    public StoreContent read() {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            Map<String, StoreContent.Value> values = new TreeMap<>();
            try (ResultSet rows = statement.executeQuery(
                    "SELECT current.key, value, revision FROM current JOIN history ON history.id = current.id")) {
                while (rows.next()) {
                    values.put(key(rows.getBytes(1)), new StoreContent.Value(rows.getBytes(2), rows.getLong(3)));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT value FROM counter WHERE name = 'revision'")) {
                rows.next();
                return new StoreContent(rows.getLong(1), values);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("read " + url + ": " + e.getMessage(), e);
        }
    }

    private static String key(byte[] bytes) {
        String key = new String(bytes, StandardCharsets.UTF_8);
        return key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
    }

    @Override
    public StoreHistory after(long revision, long last) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT revision, key FROM history WHERE revision > ? AND revision <= ?")) {
            statement.setLong(1, revision);
            statement.setLong(2, last);
            Set<StoreHistory.Change> changes = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    changes.add(new StoreHistory.Change(rows.getLong(1), key(rows.getBytes(2))));
                }
            }
            return new StoreHistory(true, changes);
        } catch (SQLException e) {
            throw new IllegalStateException("read " + url + ": " + e.getMessage(), e);
        }
    }
}
