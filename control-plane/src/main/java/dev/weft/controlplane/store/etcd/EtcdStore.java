package dev.weft.controlplane.store.etcd;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.TimeToLive;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.TransactionLimits;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchListener;
import dev.weft.controlplane.store.WatchStart;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnResponse;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The store in a part of an etcd. */
public final class EtcdStore implements Store {

    private static final int PAGE = 1000;

    /** A listing starts over when its revision is compacted between two pages; more often than this is no accident. */
    private static final int LISTING_ATTEMPTS = 5;

    private final EtcdStoreConfig config;
    private final Keyspace keyspace;
    private final EtcdConnection connection;
    private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();

    private EtcdStore(EtcdStoreConfig config) {
        this.config = config;
        this.keyspace = new Keyspace(config.prefix());
        this.connection = new EtcdConnection(config.servers(), config.callTimeout());
    }

    /** Connects with the first call, not before: etcd may come later than this process. */
    public static EtcdStore open(EtcdStoreConfig config) {
        return new EtcdStore(config);
    }

    @Override
    public Optional<Entry> get(String key) {
        TransactionLimits.keyBytes(key);
        return range("get " + key, keyspace.get(key)).getKvsList().stream()
                .map(keyspace::entry)
                .findFirst();
    }

    @Override
    public Listing list(String prefix) {
        for (int attempt = 1; ; attempt++) {
            try {
                return listOnce(prefix);
            } catch (StoreException e) {
                if (attempt == LISTING_ATTEMPTS || !EtcdErrors.isCompacted(Status.fromThrowable(e))) {
                    throw e;
                }
            }
        }
    }

    private Listing listOnce(String prefix) {
        List<Entry> entries = new ArrayList<>();
        long revision = 0;
        ByteString after = ByteString.EMPTY;
        while (true) {
            RangeResponse page = range("list " + prefix, keyspace.page(prefix, after, revision, PAGE));
            if (revision == 0) {
                revision = page.getHeader().getRevision();
            }
            page.getKvsList().forEach(pair -> entries.add(keyspace.entry(pair)));
            if (!page.getMore()) {
                return new Listing(revision, entries);
            }
            after = page.getKvs(page.getKvsCount() - 1).getKey();
        }
    }

    private RangeResponse range(String attempt, RangeRequest request) {
        return connection.read(attempt, KVGrpc.getRangeMethod(), request);
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        TransactionLimits.check(transaction);
        TxnResponse response = connection.write("commit", KVGrpc.getTxnMethod(), keyspace.transaction(transaction));
        return response.getSucceeded()
                ? new CommitResult.Committed(response.getHeader().getRevision())
                : new CommitResult.Conflict();
    }

    @Override
    public long revision() {
        return range("revision", keyspace.probe(0)).getHeader().getRevision();
    }

    @Override
    public Watch watch(String prefix, WatchStart start, WatchListener listener) {
        connection.requireOpen("watch " + prefix);
        EtcdWatch watch = new EtcdWatch(prefix, start, listener, this, config, keyspace, watches::remove);
        watches.add(watch);
        watch.begin();
        if (connection.isClosed()) {
            watch.close();
        }
        return watch;
    }

    EtcdWatchStream openStream(WatchCreateRequest request) {
        connection.requireOpen("watch");
        return EtcdWatchStream.open(connection.openForWatch(), request);
    }

    void moveOn(EtcdAddress failed) {
        connection.moveOn(failed);
    }

    /** Whether a watch after the revision comes too late: something after it may be forgotten. */
    boolean isCompacted(long revision) {
        if (revision <= 0) {
            return false; // nothing is ever written at revision 1; what lies after it etcd refuses by itself
        }
        try {
            range("look for revision " + revision, keyspace.probe(revision));
            return false;
        } catch (StoreException e) {
            Status status = Status.fromThrowable(e);
            if (EtcdErrors.isCompacted(status)) {
                return true;
            }
            if (EtcdErrors.isFutureRevision(status)) {
                return false;
            }
            throw e;
        }
    }

    /** Only a watch that comes too late is told the border of compaction, so one is opened for that. */
    long compactedRevision() {
        try (EtcdWatchStream stream = openStream(keyspace.watch(1))) {
            long deadline = System.nanoTime() + config.callTimeout().toNanos();
            for (long left = config.callTimeout().toNanos(); left > 0; left = deadline - System.nanoTime()) {
                Optional<EtcdWatchStream.Message> message = stream.next(Duration.ofNanos(left));
                if (message.isPresent()
                        && message.get() instanceof EtcdWatchStream.Message.Response(var response)
                        && response.getCanceled()) {
                    return response.getCompactRevision();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNAVAILABLE, "ask for the compacted revision: interrupted", e);
        }
        throw new StoreException(Kind.UNAVAILABLE, "ask for the compacted revision: no answer", null);
    }

    @Override
    public void compact(long revision) {
        try {
            connection.read( // sent twice it does no harm
                    "compact to revision " + revision,
                    KVGrpc.getCompactMethod(),
                    CompactionRequest.newBuilder().setRevision(revision).build());
        } catch (StoreException e) {
            Status status = Status.fromThrowable(e);
            if (EtcdErrors.isFutureRevision(status)) {
                throw new IllegalArgumentException(
                        "cannot compact to revision " + revision + ": it lies in the future", e);
            }
            if (!EtcdErrors.isCompacted(status)) {
                throw e;
            }
        }
    }

    @Override
    public TimeToLive grantTimeToLive(Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("a time to live must be positive: " + duration);
        }
        long seconds = duration.plusSeconds(1).minusNanos(1).toSeconds();
        LeaseGrantResponse granted = connection.read( // granted twice, the one that nobody knows of just runs out
                "grant a time to live of " + seconds + " s",
                LeaseGrpc.getLeaseGrantMethod(),
                LeaseGrantRequest.newBuilder().setTTL(seconds).build());
        return new TimeToLive(granted.getID(), Duration.ofSeconds(granted.getTTL()));
    }

    @Override
    public boolean renew(TimeToLive timeToLive) {
        // A stream in etcd's protocol, used for one question and one answer: a stream left open may end unnoticed.
        return connection
                        .read(
                                "renew a time to live",
                                LeaseGrpc.getLeaseKeepAliveMethod(),
                                LeaseKeepAliveRequest.newBuilder()
                                        .setID(timeToLive.id())
                                        .build())
                        .getTTL()
                > 0;
    }

    @Override
    public void revoke(TimeToLive timeToLive) {
        try {
            connection.read( // sent twice it does no harm
                    "revoke a time to live",
                    LeaseGrpc.getLeaseRevokeMethod(),
                    LeaseRevokeRequest.newBuilder().setID(timeToLive.id()).build());
        } catch (StoreException e) {
            if (e.kind() != Kind.EXPIRED) {
                throw e;
            }
        }
    }

    /** Calls in progress fail, watches end. */
    @Override
    public void close() {
        connection.close();
        watches.forEach(EtcdWatch::close);
    }
}
