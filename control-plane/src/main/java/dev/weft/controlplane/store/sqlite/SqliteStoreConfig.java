package dev.weft.controlplane.store.sqlite;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how a {@link SqliteStore} keeps its data.
 *
 * @param directory holds the files; made with mode 0700 if it does not exist. A local file system: WAL needs shared memory
 * @param keepRevisions history is compacted by itself so that at least this many of the newest revisions stay; &ge; 1
 * @param quotaBytes largest size of the database file; a commit beyond it fails with FULL; &ge; 1 MiB
 * @param progressInterval least time between two progress events of a watch
 */
public record SqliteStoreConfig(
        Path directory, Durability durability, long keepRevisions, long quotaBytes, Duration progressInterval) {

    /** What an acknowledged commit survives. */
    public enum Durability {
        /** Loss of power: one fsync of the log for each batch of commits ({@code synchronous=FULL}). */
        POWER_LOSS,
        /**
         * The death of the process, kill -9 too, but not of the machine ({@code synchronous=NORMAL}): after a loss of power
         * the newest commits may be missing and their revisions are given out a second time, which a node that saw them
         * cannot notice. For tests and throw-away labs.
         */
        PROCESS_DEATH
    }

    private static final long MEBIBYTE = 1 << 20;

    public SqliteStoreConfig {
        if (keepRevisions < 1) {
            throw new IllegalArgumentException("keepRevisions must be at least 1: " + keepRevisions);
        }
        if (quotaBytes < MEBIBYTE) {
            throw new IllegalArgumentException("quotaBytes must be at least " + MEBIBYTE + ": " + quotaBytes);
        }
        if (progressInterval.isNegative()) {
            throw new IllegalArgumentException("progressInterval must not be negative: " + progressInterval);
        }
    }

    /** Survives loss of power, keeps 100 000 revisions in at most 2 GiB (etcd's default quota). */
    public static SqliteStoreConfig in(Path directory) {
        return new SqliteStoreConfig(directory, Durability.POWER_LOSS, 100_000, 2048 * MEBIBYTE, Duration.ofSeconds(1));
    }

    public SqliteStoreConfig withDurability(Durability value) {
        return new SqliteStoreConfig(directory, value, keepRevisions, quotaBytes, progressInterval);
    }

    public SqliteStoreConfig withKeepRevisions(long value) {
        return new SqliteStoreConfig(directory, durability, value, quotaBytes, progressInterval);
    }

    public SqliteStoreConfig withQuotaBytes(long value) {
        return new SqliteStoreConfig(directory, durability, keepRevisions, value, progressInterval);
    }

    public SqliteStoreConfig withProgressInterval(Duration value) {
        return new SqliteStoreConfig(directory, durability, keepRevisions, quotaBytes, value);
    }
}
