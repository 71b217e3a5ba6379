package dev.weft.controlplane.events.publish;

import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Changes between the store and somebody who may be slow. The store's watch never waits for it: when the backlog is full
 * it takes no more. What was history when it began is then read on from the store, however slow the taker: who resumes
 * from far behind is not slow for that. After that, it says that it was full, once what it has is taken; the rest is still
 * in the store's history, for another backlog.
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

        /** The store has not kept what comes next, but only what comes after a revision. */
        record Compacted(long oldest) implements Next {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<WatchEvent.Changes> queue = new ArrayDeque<>();
    private final Store store;
    /** What is up to here was there before the taker. */
    private final long history;

    /** All up to here is in the queue or was taken. */
    private long seen;

    private int mutations;
    private long bytes;
    private boolean full;
    private Optional<Next.Compacted> compacted = Optional.empty();
    /** How many watches were opened. One that was closed may still be telling something, which no longer counts. */
    private int watches;

    private @Nullable Watch watch;

    private Backlog(Store store, long after) {
        this.store = store;
        this.history = store.revision();
        this.seen = after;
    }

    /**
     * The changes after a revision.
     *
     * @throws StoreException if the store cannot be read
     */
    public static Backlog after(Store store, long revision) {
        Backlog backlog = new Backlog(store, revision);
        backlog.look();
        return backlog;
    }

    /** Looks into the store after what was seen. Called by the taker only. */
    private void look() {
        close();
        long after;
        int number;
        lock.lock();
        try {
            full = false;
            after = seen;
            number = ++watches;
        } finally {
            lock.unlock();
        }
        watch = store.watch("", new WatchStart.After(after), event -> offer(number, event));
    }

    private void offer(int number, WatchEvent event) {
        lock.lock();
        try {
            if (full || number != watches) {
                return;
            }
            switch (event) {
                case WatchEvent.Changes changes -> enqueue(changes);
                case WatchEvent.Progress(long revision) -> seen = Math.max(seen, revision);
                case WatchEvent.Compacted(long oldest) -> compacted = Optional.of(new Next.Compacted(oldest));
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
        while (true) {
            Next next = await(most, patience);
            if (!(next instanceof Next.Full) || isPastHistory()) {
                return next;
            }
            look();
        }
    }

    private boolean isPastHistory() {
        lock.lock();
        try {
            return seen >= history;
        } finally {
            lock.unlock();
        }
    }

    private Next await(int most, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() && !full && compacted.isEmpty()) {
                if (nanos <= 0) {
                    return new Next.Quiet(seen);
                }
                nanos = changed.awaitNanos(nanos);
            }
            if (!queue.isEmpty()) {
                return new Next.Revisions(dequeue(most));
            }
            return compacted.isPresent() ? compacted.get() : new Next.Full();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it takes no more. For tests: a taker is told when it has what is in it. */
    boolean isFull() {
        lock.lock();
        try {
            return full;
        } finally {
            lock.unlock();
        }
    }

    private List<WatchEvent.Changes> dequeue(int most) {
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
        return taken;
    }

    @Override
    public void close() {
        Watch opened = watch;
        if (opened != null) {
            opened.close();
        }
    }
}
