package dev.weft.controlplane.state;

import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.TimeToLive;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchListener;
import dev.weft.controlplane.store.WatchStart;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store of which only the watch works, and tells what the test says. */
final class WatchedStore implements Store {

    private @Nullable WatchListener listener;

    void tell(WatchEvent event) {
        if (listener == null) {
            throw new AssertionError("nobody watches");
        }
        listener.on(event);
    }

    @Override
    public Watch watch(String prefix, WatchStart start, WatchListener watchListener) {
        if (!prefix.isEmpty() || !start.equals(new WatchStart.FromSnapshot()) || listener != null) {
            throw new AssertionError("the replica should have one watch of everything");
        }
        listener = watchListener;
        return () -> listener = null;
    }

    @Override
    public Optional<Entry> get(String key) {
        throw new AssertionError("only the watch");
    }

    @Override
    public Listing list(String prefix) {
        throw new AssertionError("only the watch");
    }

    @Override
    public CommitResult commit(Transaction transaction) {
        throw new AssertionError("only the watch");
    }

    @Override
    public long revision() {
        throw new AssertionError("only the watch");
    }

    @Override
    public void compact(long revision) {
        throw new AssertionError("only the watch");
    }

    @Override
    public TimeToLive grantTimeToLive(Duration duration) {
        throw new AssertionError("only the watch");
    }

    @Override
    public boolean renew(TimeToLive timeToLive) {
        throw new AssertionError("only the watch");
    }

    @Override
    public void revoke(TimeToLive timeToLive) {
        throw new AssertionError("only the watch");
    }

    @Override
    public void close() {}
}
