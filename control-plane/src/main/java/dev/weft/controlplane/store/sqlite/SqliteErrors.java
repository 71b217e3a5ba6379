package dev.weft.controlplane.store.sqlite;

import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says of a database error what it means for the caller. */
final class SqliteErrors {

    private SqliteErrors() {}

    /** An error that leaves nothing written: the transaction was rolled back, or only read. */
    static StoreException rolledBack(String attempt, Path file, SQLException e) {
        return switch (primaryCode(e)) {
            case SQLITE_FULL -> full(attempt, file, e);
            case SQLITE_BUSY, SQLITE_LOCKED -> exception(Kind.UNAVAILABLE, attempt, file, e, "");
            default -> exception(Kind.INTERNAL, attempt, file, e, "");
        };
    }

    /**
     * An error of COMMIT itself. Out of space, the record that makes the commit valid is not in the log. After an I/O error
     * it may be: the log could be replayed if the process died now.
     */
    static StoreException ofCommit(Path file, SQLException e) {
        return switch (primaryCode(e)) {
            case SQLITE_FULL -> full("commit", file, e);
            case SQLITE_BUSY, SQLITE_LOCKED -> exception(Kind.UNAVAILABLE, "commit", file, e, "");
            default -> exception(Kind.OUTCOME_UNKNOWN, "commit", file, e, "");
        };
    }

    private static StoreException full(String attempt, Path file, SQLException e) {
        return exception(
                Kind.FULL, attempt, file, e, "; nothing was written. Free disk space, raise the quota, or compact");
    }

    private static StoreException exception(Kind kind, String attempt, Path file, SQLException e, String advice) {
        return new StoreException(kind, attempt + " on " + file + ": " + e.getMessage() + advice, e);
    }

    /** The extended codes carry the primary one in their low byte. */
    private static SQLiteErrorCode primaryCode(SQLException e) {
        return e instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
                : SQLiteErrorCode.SQLITE_ERROR;
    }
}
