package dev.weft.controlplane.events.publish;

import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Changes between the store and somebody who may be slow. The store's watch never waits for it: when the backlog is full
 * it takes no more, and says so after what it has. The rest is still in the store's history, for another backlog.
 */
public final class Backlog implements AutoCloseable {

    /** Most changes of keys that wait. */
    public static final int MAX_MUTATIONS = 20_000;

    /** Most bytes of values that wait, but for a single revision's. */
    public static final long MAX_BYTES = 32L << 20;

    /** What comes next. */
    public sealed interface Next {

        /** Whole revisions, in order. */
        record Revisions(List<WatchEvent.Changes> changes) implements Next {}

        /** There is no change up to this revision that was not taken. */
        record Quiet(long revision) implements Next {}

        /** The backlog was full: look into the store again, after what was taken. */
        record Full() implements Next {}

        /** The store has not kept what comes next. */
        record Compacted() implements Next {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<WatchEvent.Changes> queue = new ArrayDeque<>();
    private long seen;
    private int mutations;
    private long bytes;
    private boolean full;
    private boolean compacted;
    private @Nullable Watch watch;

    private Backlog(long after) {
        seen = after;
    }

    /** The changes after a revision. */
    public static Backlog after(Store store, long revision) {
        Backlog backlog = new Backlog(revision);
        backlog.watch = store.watch("", new WatchStart.After(revision), backlog::offer);
        return backlog;
    }

    private void offer(WatchEvent event) {
        lock.lock();
        try {
            if (full) {
                return;
            }
            switch (event) {
                case WatchEvent.Changes changes -> enqueue(changes);
                case WatchEvent.Progress(long revision) -> seen = Math.max(seen, revision);
                case WatchEvent.Compacted _ -> compacted = true;
                case WatchEvent.Snapshot _ ->
                    throw new IllegalStateException("a watch after a revision tells no snapshot");
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(WatchEvent.Changes changes) {
        long size = bytes(changes);
        if (!queue.isEmpty() && (mutations + changes.mutations().size() > MAX_MUTATIONS || bytes + size > MAX_BYTES)) {
            full = true;
            return;
        }
        queue.addLast(changes);
        seen = changes.revision();
        mutations += changes.mutations().size();
        bytes += size;
    }

    private static long bytes(WatchEvent.Changes changes) {
        return changes.mutations().stream().mapToLong(Backlog::bytes).sum();
    }

    private static long bytes(WatchEvent.Mutation mutation) {
        return switch (mutation) {
            case WatchEvent.Mutation.Updated(Entry entry, var previous) ->
                entry.value().size() + previous.map(old -> old.value().size()).orElse(0);
            case WatchEvent.Mutation.Removed(String _, var previous) ->
                previous.map(old -> old.value().size()).orElse(0);
        };
    }

    /**
     * Takes what comes next, waiting for it as long as the patience.
     *
     * @param most changes of keys to take, but one revision at least
     */
    public Next take(int most, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() && !full && !compacted) {
                if (nanos <= 0) {
                    return new Next.Quiet(seen);
                }
                nanos = changed.awaitNanos(nanos);
            }
            if (queue.isEmpty()) {
                return compacted ? new Next.Compacted() : new Next.Full();
            }
            List<WatchEvent.Changes> taken = new ArrayList<>();
            int count = 0;
            while (!queue.isEmpty()
                    && (taken.isEmpty() || count + queue.getFirst().mutations().size() <= most)) {
                WatchEvent.Changes changes = queue.removeFirst();
                count += changes.mutations().size();
                bytes -= bytes(changes);
                taken.add(changes);
            }
            mutations -= count;
            return new Next.Revisions(taken);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Watch opened = watch;
        if (opened != null) {
            opened.close();
        }
    }
}
