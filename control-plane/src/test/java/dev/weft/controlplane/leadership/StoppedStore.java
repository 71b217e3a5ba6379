package dev.weft.controlplane.leadership;

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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A replica's way to the store. While it is stopped, every call hangs before it does anything and goes on afterwards, as
 * those of a process do between SIGSTOP and SIGCONT.
 */
public final class StoppedStore implements Store {

    private final Store store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition continued = lock.newCondition();
    private boolean stopped;

    public StoppedStore(Store store) {
        this.store = store;
    }

    public void stop() {
        set(true);
    }

    public void goOn() {
        set(false);
    }

    private void set(boolean value) {
        lock.lock();
        try {
            stopped = value;
            continued.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T> T whenRunning(Supplier<T> call) {
        lock.lock();
        try {
            while (stopped) {
                continued.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        return call.get();
    }

    @Override
    public Optional<Entry> get(String key) {
        return whenRunning(() -> store.get(key));
    }

    @Override
    public Listing list(String prefix) {
        return whenRunning(() -> store.list(prefix));
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        return whenRunning(() -> store.commit(transaction));
    }

    @Override
    public long revision() {
        return whenRunning(store::revision);
    }

    @Override
    public Watch watch(String prefix, WatchStart start, WatchListener listener) {
        return whenRunning(() -> store.watch(prefix, start, event -> {
            whenRunning(() -> true);
            listener.on(event);
        }));
    }

    @Override
    public void compact(long revision) {
        whenRunning(() -> {
            store.compact(revision);
            return true;
        });
    }

    @Override
    public TimeToLive grantTimeToLive(Duration duration) {
        return whenRunning(() -> store.grantTimeToLive(duration));
    }

    @Override
    public boolean renew(TimeToLive timeToLive) {
        return whenRunning(() -> store.renew(timeToLive));
    }

    @Override
    public void revoke(TimeToLive timeToLive) {
        whenRunning(() -> {
            store.revoke(timeToLive);
            return true;
        });
    }

    @Override
    public void close() {
        store.close();
    }
}
