package dev.weft.controlplane.store;

import java.time.Duration;
import java.util.Optional;

/** Passes everything on to another store, which it closes with itself; a subclass says what is different. */
public abstract class ForwardingStore implements Store {

    protected final Store store;

    protected ForwardingStore(Store store) {
        this.store = store;
    }

    @Override
    public CommitResult commit(Transaction transaction) {
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
