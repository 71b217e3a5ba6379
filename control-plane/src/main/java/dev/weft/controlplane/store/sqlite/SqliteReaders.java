package dev.weft.controlplane.store.sqlite;

import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few connections that read, each read from one state of the database, beside the writer and one another. */
final class SqliteReaders implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SqliteReaders.class);
    private static final int CONNECTIONS = 4;

    private final SqliteFile file;
    private final BlockingQueue<SqliteTables> idle = new ArrayBlockingQueue<>(CONNECTIONS);
    private volatile boolean closed;

    /** What to read. */
    @FunctionalInterface
    interface Read<T> {
        T from(SqliteTables tables) throws SQLException;
    }

    SqliteReaders(SqliteFile file) throws SQLException {
        this.file = file;
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                idle.add(new SqliteTables(file.openReader()));
            }
        } catch (SQLException e) {
            for (SqliteTables tables : idle) {
                tables.close();
            }
            throw e;
        }
    }

    <T> T read(String attempt, Read<T> read) {
        SqliteTables tables = borrow(attempt);
        try {
            tables.beginRead();
            T result = read.from(tables);
            tables.rollback();
            return result;
        } catch (SQLException e) {
            abandon(tables);
            throw SqliteErrors.rolledBack(attempt, file.path(), e);
        } catch (RuntimeException e) {
            abandon(tables);
            throw e;
        } finally {
            idle.add(tables);
        }
    }

    private void abandon(SqliteTables tables) {
        try {
            tables.abandon();
        } catch (SQLException e) {
            // SQLite ends the transaction by itself on some errors.
            log.debug("end of a read on {}: {}", file.path(), e.getMessage());
        }
    }

    private SqliteTables borrow(String attempt) {
        if (closed) {
            throw closed(attempt);
        }
        try {
            SqliteTables tables = idle.take();
            if (closed) {
                idle.add(tables);
                throw closed(attempt);
            }
            return tables;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNAVAILABLE, attempt + " on " + file.path() + ": interrupted", e);
        }
    }

    private StoreException closed(String attempt) {
        return new StoreException(Kind.CLOSED, attempt + " on " + file.path() + ": the store was closed", null);
    }

    /** Waits for reads in progress. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (int open = CONNECTIONS; open > 0; ) {
            try {
                // A read that saw the flag too late takes a connection and gives it back, so the one taken here is
                // final.
                idle.take().close();
                open--;
            } catch (InterruptedException _) {
                interrupted = true;
            } catch (SQLException e) {
                throw SqliteErrors.rolledBack("close", file.path(), e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
