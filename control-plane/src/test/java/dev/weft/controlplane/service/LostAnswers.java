package dev.weft.controlplane.service;

import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.TimeToLive;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchListener;
import dev.weft.controlplane.store.WatchStart;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store between which and the caller answers get lost, when the test says so. */
final class LostAnswers implements Store {

    /** What becomes of the next commit. */
    enum Next {
        ANSWERED,
        /** Applied, but the answer is lost. */
        APPLIED,
        /** Neither applied nor answered. */
        DROPPED,
        /** Not answered, and applied only after the next commit was tried. */
        LATE
    }

    private final Store store;
    private final AtomicInteger commits = new AtomicInteger();
    private Next next = Next.ANSWERED;
    private Optional<Transaction> late = Optional.empty();

    LostAnswers(Store store) {
        this.store = store;
    }

    void next(Next fate) {
        next = fate;
    }

    int commits() {
        return commits.get();
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        commits.incrementAndGet();
        Next fate = next;
        next = Next.ANSWERED;
        switch (fate) {
            case ANSWERED -> {}
            case APPLIED -> {
                store.commit(transaction);
                throw lost();
            }
            case DROPPED -> throw lost();
            case LATE -> {
                late = Optional.of(transaction);
                throw lost();
            }
        }
        late.ifPresent(store::commit);
        late = Optional.empty();
        return store.commit(transaction);
    }

    private static StoreException lost() {
        return new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "the answer was lost", null);
    }

    @Override
    public Optional<Entry> get(String key) {
        return store.get(key);
    }

    @Override
    public Listing list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public Watch watch(String prefix, WatchStart start, WatchListener listener) {
        return store.watch(prefix, start, listener);
    }

    @Override
    public void compact(long revision) {
        store.compact(revision);
    }

    @Override
    public TimeToLive grantTimeToLive(Duration duration) {
        return store.grantTimeToLive(duration);
    }

    @Override
    public boolean renew(TimeToLive timeToLive) {
        return store.renew(timeToLive);
    }

    @Override
    public void revoke(TimeToLive timeToLive) {
        store.revoke(timeToLive);
    }

    @Override
    public void close() {
        store.close();
    }
}
