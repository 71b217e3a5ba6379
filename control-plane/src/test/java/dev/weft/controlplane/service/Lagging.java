package dev.weft.controlplane.service;

import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.ForwardingStore;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchListener;
import dev.weft.controlplane.store.WatchStart;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A store whose watches can be kept waiting, as those of a replica that is behind are. */
final class Lagging extends ForwardingStore {

    private static final Runnable NOTHING = () -> {};

    private final AtomicReference<CountDownLatch> held = new AtomicReference<>(new CountDownLatch(0));
    private final AtomicReference<Runnable> beforeGet = new AtomicReference<>(NOTHING);

    Lagging(Store store) {
        super(store);
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
}
