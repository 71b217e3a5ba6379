package dev.weft.controlplane.store;

import dev.weft.controlplane.store.CommitObserver.Outcome;
import java.time.Duration;

/** A store whose commits somebody learns of. */
public final class ObservedStore extends ForwardingStore {

    private final CommitObserver observer;

    /** Closes the store with itself. */
    public ObservedStore(Store store, CommitObserver observer) {
        super(store);
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
}
