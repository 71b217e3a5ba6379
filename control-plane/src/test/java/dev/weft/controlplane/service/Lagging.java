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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A store whose watches can be kept waiting, as those of a replica that is behind are. */
final class Lagging implements Store {

    private static final Runnable NOTHING = () -> {};

    private final Store store;
    private final AtomicReference<CountDownLatch> held = new AtomicReference<>(new CountDownLatch(0));
    private final AtomicReference<Runnable> beforeGet = new AtomicReference<>(NOTHING);

    Lagging(Store store) {
        this.store = store;
    }

    /** From now on watches tell nothing. */
    void hold() {
        held.set(new CountDownLatch(1));
    }

    /** Watches tell what they have held back. */
    void release() {
        held.get().countDown();
    }

    /** What happens just before the next entry is read. */
    void beforeNextGet(Runnable what) {
        beforeGet.set(what);
    }

    @Override
    public Optional<Entry> get(String key) {
        beforeGet.getAndSet(NOTHING).run();
        return store.get(key);
    }

    @Override
    public Watch watch(String prefix, WatchStart start, WatchListener listener) {
        return store.watch(prefix, start, event -> {
            try {
                held.get().await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            listener.on(event);
        });
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        return store.commit(transaction);
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
