package dev.weft.controlplane.store.etcd;

import java.time.Duration;
import java.util.List;

/**
 * Which etcd and which part of it.
 *
 * @param servers of one cluster, at least one; the others take over when one does not answer
 * @param prefix of all keys; ends in a slash
 * @param callTimeout for one call of the store, fail-over to other servers included
 * @param progressInterval how long a watch is quiet before the server is asked for a sign of life, and the least time
 *     between two progress events
 * @param stallTimeout after which a watch without any sign of life is given up and resumed on a new connection; longer
 *     than {@code progressInterval}
 * @param keepRevisions so many of the newest revisions stay when history is compacted; 0: this control plane never
 *     compacts
 */
public record EtcdStoreConfig(
        List<EtcdAddress> servers,
        String prefix,
        Duration callTimeout,
        Duration progressInterval,
        Duration stallTimeout,
        long keepRevisions) {

    public static final String DEFAULT_PREFIX = "/weft/";

    public static final long DEFAULT_KEEP_REVISIONS = 10_000;

    private static final int MAX_PREFIX_LENGTH = 256;

    public EtcdStoreConfig {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("an etcd store needs the address of at least one server");
        }
        if (!prefix.endsWith("/") || prefix.length() > MAX_PREFIX_LENGTH) {
            throw new IllegalArgumentException("prefix of an etcd store must end in '/' and have at most "
                    + MAX_PREFIX_LENGTH + " characters: '" + prefix + "'");
        }
        requirePositive("callTimeout", callTimeout);
        requirePositive("progressInterval", progressInterval);
        if (keepRevisions < 0) {
            throw new IllegalArgumentException("keepRevisions should be 0 or more: " + keepRevisions);
        }
        if (stallTimeout.compareTo(progressInterval) <= 0) {
            throw new IllegalArgumentException(
                    "stallTimeout " + stallTimeout + " must be longer than progressInterval " + progressInterval);
        }
    }

    /** Calls take at most 5 s; a watch is checked after 2 s of silence and resumed after 10 s. */
    public static EtcdStoreConfig of(List<EtcdAddress> servers, String prefix) {
        return new EtcdStoreConfig(
                servers,
                prefix,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                DEFAULT_KEEP_REVISIONS);
    }

    public EtcdStoreConfig withCallTimeout(Duration value) {
        return new EtcdStoreConfig(servers, prefix, value, progressInterval, stallTimeout, keepRevisions);
    }

    /** Both at once, since one must be longer than the other. */
    public EtcdStoreConfig withWatchTimes(Duration progress, Duration stall) {
        return new EtcdStoreConfig(servers, prefix, callTimeout, progress, stall, keepRevisions);
    }

    public EtcdStoreConfig withKeepRevisions(long value) {
        return new EtcdStoreConfig(servers, prefix, callTimeout, progressInterval, stallTimeout, value);
    }

    private static void requirePositive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive: " + duration);
        }
    }
}
