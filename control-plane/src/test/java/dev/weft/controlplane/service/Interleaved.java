package dev.weft.controlplane.service;

import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.ForwardingStore;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import java.util.Optional;

/** A store in which somebody else is quicker: between a decision and its commit something happens. */
final class Interleaved extends ForwardingStore {

    private Optional<Runnable> quicker = Optional.empty();

    Interleaved(Store store) {
        super(store);
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
}
