package dev.weft.controlplane.service;

import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.ForwardingStore;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.Transaction;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store between which and the caller answers get lost, when the test says so. */
final class LostAnswers extends ForwardingStore {

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

    private final AtomicInteger commits = new AtomicInteger();
    private Next next = Next.ANSWERED;
    private Optional<Transaction> late = Optional.empty();

    LostAnswers(Store store) {
        super(store);
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
}
