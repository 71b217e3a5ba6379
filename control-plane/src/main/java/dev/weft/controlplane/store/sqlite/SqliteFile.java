package dev.weft.controlplane.store.sqlite;

import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The database file, opened by one process at a time. The process lock is a file of its own: POSIX drops all of a process's
 * locks on a file when it closes any descriptor of it, so a lock on the database file would interfere with SQLite's.
 */
final class SqliteFile implements AutoCloseable {

    private static final int APPLICATION_ID = 0x57454654; // "WEFT"
    private static final int SCHEMA_VERSION = 1;
    private static final int PAGE_BYTES = 4096;
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final SqliteStoreConfig config;
    private final FileChannel lockChannel;

    private SqliteFile(Path path, SqliteStoreConfig config, FileChannel lockChannel) {
        this.path = path;
        this.config = config;
        this.lockChannel = lockChannel;
    }

    /** @throws StoreException if the files cannot be made, or another process has them open */
    static SqliteFile open(SqliteStoreConfig config) {
        Path directory = config.directory().toAbsolutePath();
        Path path = directory.resolve("weft.db");
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY_DIRECTORY));
            FileChannel lockChannel = lock(directory.resolve("weft.lock"));
            try {
                createPrivate(path);
                return new SqliteFile(path, config, lockChannel);
            } catch (IOException | RuntimeException e) {
                lockChannel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException(Kind.INTERNAL, "open the store " + path + ": " + e, e);
        }
    }

    private static FileChannel lock(Path lockPath) throws IOException {
        createPrivate(lockPath);
        FileChannel channel = FileChannel.open(lockPath, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (tryLock(channel) == null) {
                throw new StoreException(
                        Kind.UNAVAILABLE,
                        "the store in " + lockPath.getParent() + " is in use by process " + holder(channel)
                                + "; stop that process, or give this one another state directory",
                        null);
            }
            channel.truncate(0);
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
            channel.write(ByteBuffer.wrap(pid), 0);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // held by another store object of this process
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        int length = channel.read(pid, 0);
        return length > 0 ? new String(pid.array(), 0, length, StandardCharsets.UTF_8) : "(unknown)";
    }

    /** SQLite gives its -wal and -shm files the mode of the database file. */
    private static void createPrivate(Path path) throws IOException {
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException _) {
            Files.setPosixFilePermissions(path, OWNER_ONLY);
        }
    }

    Path path() {
        return path;
    }

    /** The one connection that writes; makes the tables in a new file. */
    Connection openWriter() throws SQLException {
        Connection connection = connect();
        try {
            boolean fresh = isFresh(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA max_page_count = " + config.quotaBytes() / PAGE_BYTES);
            }
            if (fresh) {
                create(connection);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            SqliteSchema.create(connection);
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
            statement.execute("COMMIT");
        }
    }

    Connection openReader() throws SQLException {
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setPageSize(PAGE_BYTES);
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(
                switch (config.durability()) {
                    case POWER_LOSS -> SQLiteConfig.SynchronousMode.FULL;
                    case PROCESS_DEATH -> SQLiteConfig.SynchronousMode.NORMAL;
                });
        sqlite.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        return sqlite.createConnection("jdbc:sqlite:" + path);
    }

    /** Whether there are no tables yet. What is there must be ours; it is not written to, for the disk may be full. */
    private boolean isFresh(Connection connection) throws SQLException {
        int applicationId = pragma(connection, "application_id");
        int version = pragma(connection, "user_version");
        boolean fresh = applicationId == 0 && version == 0 && pragma(connection, "schema_version") == 0;
        if (!fresh && applicationId != APPLICATION_ID) {
            throw new StoreException(Kind.INTERNAL, "open the store " + path + ": another program's database", null);
        }
        if (!fresh && version != SCHEMA_VERSION) {
            throw new StoreException(
                    Kind.INTERNAL,
                    "open the store " + path + ": it has schema " + version + ", this version of Weft reads "
                            + SCHEMA_VERSION,
                    null);
        }
        return fresh;
    }

    private static int pragma(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA " + name)) {
            return rows.getInt(1);
        }
    }

    /** Lets another process open the store. To be called after all connections have been closed. */
    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new StoreException(Kind.INTERNAL, "unlock the store " + path + ": " + e, e);
        }
    }
}
