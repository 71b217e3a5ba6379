package dev.weft.controlplane.store;

import dev.weft.controlplane.store.CommitObserver.Outcome;
import java.time.Duration;
import java.util.Optional;

/** A store whose commits somebody learns of. */
public final class ObservedStore implements Store {

    private final Store store;
    private final CommitObserver observer;

    /** Closes the store with itself. */
    public ObservedStore(Store store, CommitObserver observer) {
        this.store = store;
        this.observer = observer;
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        long begin = System.nanoTime();
        CommitResult result;
        try {
            result = store.commit(transaction);
        } catch (StoreException e) {
            observer.ended(Outcome.FAILED, 0, begin, since(begin));
            throw e;
        }
        switch (result) {
            case CommitResult.Committed(long revision) ->
                observer.ended(Outcome.COMMITTED, revision, begin, since(begin));
            case CommitResult.Conflict() -> observer.ended(Outcome.CONFLICT, 0, begin, since(begin));
        }
        return result;
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
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
