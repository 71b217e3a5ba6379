package dev.weft.controlplane.store;

import java.time.Duration;
import java.util.Optional;

/**
 * A small database with etcd's semantics: every transaction that changes something has a revision, higher than all
 * before it; keys are paths such as {@code networks/<id>}; reads are linearizable; a watch sees every revision once and
 * in order. Revisions may skip numbers: an etcd shared with others counts their writes too.
 *
 * <p>All methods block and may be called from any thread. They fail with {@link StoreException}, whose kind says whether
 * the outcome of a commit is known. Key order is the order of the keys' UTF-8 bytes.
 */
public interface Store extends AutoCloseable {

    /** Longest key, in bytes of UTF-8. A key has at least one. */
    int MAX_KEY_BYTES = 1024;

    /** Largest value of one key, in bytes. A larger one is refused before anything is sent. */
    int MAX_VALUE_BYTES = 1 << 20;

    /** Most compares, and most writes, in one transaction: etcd's default {@code --max-txn-ops}. */
    int MAX_TRANSACTION_OPERATIONS = 128;

    /**
     * Most bytes of keys and values in one transaction. Below etcd's default {@code --max-request-bytes} (1.5 MiB) by more
     * than the encoding adds.
     */
    int MAX_TRANSACTION_BYTES = MAX_VALUE_BYTES + (1 << 18);

    Optional<Entry> get(String key);

    /** All keys that begin with the prefix, in key order, as of one revision. */
    Listing list(String prefix);

    /**
     * Applies all writes as one revision if every compare holds; otherwise writes nothing. A transaction that changes
     * nothing (no writes, or only deletes of keys that do not exist) takes no revision and is committed at the newest one.
     */
    CommitResult commit(Transaction transaction);

    /** The newest revision, linearizable: at least that of any commit that returned before this call began. */
    long revision();

    /**
     * Tells the listener of every change to keys that begin with the prefix, from one thread at a time, in order. The
     * watch heals itself: after a lost connection it resumes, and where it cannot resume (history compacted, stalled
     * server) it lists again and says so with {@link WatchEvent.Snapshot}. The listener must not block for long.
     */
    Watch watch(String prefix, WatchStart start, WatchListener listener);

    /**
     * Forgets history up to and including the revision; the current value of each key stays. Does nothing if that much is
     * forgotten already.
     *
     * @throws IllegalArgumentException if the revision is higher than the newest one
     */
    void compact(long revision);

    /**
     * A time to live to which keys can be tied: they vanish, all at one revision, when it runs out without a renewal. The
     * duration granted may be longer than the one asked for (etcd counts whole seconds and has a least duration), and a
     * restart of the store starts it anew, so keys may outlive it but never vanish early.
     */
    TimeToLive grantTimeToLive(Duration duration);

    /** Starts the duration anew. Returns whether it still existed. */
    boolean renew(TimeToLive timeToLive);

    /** Ends it now, and with it the keys tied to it. */
    void revoke(TimeToLive timeToLive);

    @Override
    void close();
}
