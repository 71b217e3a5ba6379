package dev.weft.controlplane.service;

import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.TimeToLive;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchListener;
import dev.weft.controlplane.store.WatchStart;
import java.time.Duration;
import java.util.Optional;

/** A store in which somebody else is quicker: between a decision and its commit something happens. */
final class Interleaved implements Store {

    private final Store store;
    private Optional<Runnable> quicker = Optional.empty();

    Interleaved(Store store) {
        this.store = store;
    }

    /** What happens just before the next commit is tried. */
    void beforeNextCommit(Runnable other) {
        quicker = Optional.of(other);
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        Optional<Runnable> other = quicker;
        quicker = Optional.empty();
        other.ifPresent(Runnable::run);
        return store.commit(transaction);
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
