package dev.weft.controlplane.state;

import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replica, fed by one watch over the whole store.
 *
 * <p>Locks, in the order in which they are taken: {@code writer} is held while one event is applied and its listeners
 * are told, so that a listener that subscribes meanwhile misses nothing and gets nothing twice; {@code content} guards
 * the index, for writing only while it changes, so that listeners and readers read side by side; {@code progress} guards
 * the revision that waiters wait for.
 *
 * <p>A value that cannot be read never stops the watch: it is logged, counted and listed in {@link #problems}, and the
 * last readable state of that entity stays.
 */
public final class ReplicatedClusterState implements ClusterState, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ReplicatedClusterState.class);

    private final Store store;
    private final ReentrantLock writer = new ReentrantLock();
    private final ReentrantReadWriteLock content = new ReentrantReadWriteLock();
    private final ReentrantLock progress = new ReentrantLock();
    private final Condition advanced = progress.newCondition();

    private final List<ClusterListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, String> problems = new ConcurrentSkipListMap<>();
    private final LongAdder problemCount = new LongAdder();

    private ClusterIndex index = new ClusterIndex();
    private boolean filled;
    private long reachedRevision = -1;
    private @Nullable Watch watch;

    public ReplicatedClusterState(Store store) {
        this.store = store;
    }

    /** Begins to follow the store. The replica is empty, at revision 0, until the first snapshot has come. */
    public void start() {
        watch = store.watch("", new WatchStart.FromSnapshot(), this::on);
    }

    @Override
    public <T> T read(Function<ClusterView, T> function) {
        content.readLock().lock();
        try {
            return function.apply(index);
        } finally {
            content.readLock().unlock();
        }
    }

    @Override
    public boolean awaitRevision(long revision, Duration timeout) throws InterruptedException {
        long nanos = timeout.toNanos();
        progress.lockInterruptibly();
        try {
            while (reachedRevision < revision) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = advanced.awaitNanos(nanos);
            }
            return true;
        } finally {
            progress.unlock();
        }
    }

    /** Waits until the first snapshot has come, whatever its revision. */
    public boolean awaitFilled(Duration timeout) throws InterruptedException {
        return awaitRevision(0, timeout);
    }

    @Override
    public Subscription subscribe(ClusterListener listener) {
        return locked(() -> {
            if (filled) {
                listener.onSnapshot(index);
            }
            listeners.add(listener);
            return () -> locked(() -> listeners.remove(listener));
        });
    }

    /** Keys whose present value cannot be read, each with the reason. */
    public Map<String, String> problems() {
        return Map.copyOf(problems);
    }

    /** How many unreadable values have been met since the start. */
    public long problemCount() {
        return problemCount.sum();
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }

    private void on(WatchEvent event) {
        locked(() -> {
            switch (event) {
                case WatchEvent.Snapshot(var revision, var entries) -> replace(revision, entries);
                case WatchEvent.Changes(var revision, var mutations) -> apply(revision, mutations);
                case WatchEvent.Progress(var revision) -> apply(revision, List.of());
                case WatchEvent.Compacted(var oldest) ->
                    // Only a watch from a revision ends so, and this one begins with a snapshot.
                    log.error(
                            "the store ended the replica's watch as compacted up to {}: a defect of the store", oldest);
            }
            return true;
        });
    }

    private void replace(long revision, List<Entry> entries) {
        ClusterIndex fresh = new ClusterIndex();
        fresh.advanceTo(revision);
        problems.clear();
        entries.forEach(entry -> guarded(entry.key(), () -> EntryDecoder.put(fresh, entry)));
        content.writeLock().lock();
        try {
            index = fresh;
        } finally {
            content.writeLock().unlock();
        }
        filled = true;
        log.info("replica filled with {} entries as of revision {}", entries.size(), revision);
        tell(listener -> listener.onSnapshot(index));
        reached(revision);
    }

    private void apply(long revision, List<WatchEvent.Mutation> mutations) {
        if (revision <= index.revision() && mutations.isEmpty()) {
            return;
        }
        List<EntityChange> changes = new ArrayList<>();
        content.writeLock().lock();
        try {
            for (WatchEvent.Mutation mutation : mutations) {
                problems.remove(mutation.key());
                guarded(mutation.key(), () -> applyTo(index, mutation)).ifPresent(changes::add);
            }
            index.advanceTo(revision);
        } finally {
            content.writeLock().unlock();
        }
        List<EntityChange> unmodifiable = List.copyOf(changes);
        tell(listener -> listener.onChanges(index, unmodifiable));
        reached(revision);
    }

    private static Optional<EntityChange> applyTo(ClusterIndex index, WatchEvent.Mutation mutation) {
        return switch (mutation) {
            case WatchEvent.Mutation.Updated(var entry, var _) -> EntryDecoder.put(index, entry);
            case WatchEvent.Mutation.Removed(var key, var _) -> EntryDecoder.remove(index, key);
        };
    }

    private Optional<EntityChange> guarded(String key, Supplier<Optional<EntityChange>> change) {
        try {
            return change.get();
        } catch (DamagedValueException e) {
            problemCount.increment();
            problems.put(key, String.valueOf(e.getMessage()));
            log.error("{}; going on without it", e.getMessage(), e);
            return Optional.empty();
        }
    }

    /** A listener's defect must not keep the others from learning, nor stop the watch. */
    private void tell(Consumer<ClusterListener> message) {
        for (ClusterListener listener : listeners) {
            try {
                message.accept(listener);
            } catch (RuntimeException e) {
                log.error("{} failed on revision {}", listener, index.revision(), e);
            }
        }
    }

    private void reached(long revision) {
        progress.lock();
        try {
            reachedRevision = Math.max(reachedRevision, revision);
            advanced.signalAll();
        } finally {
            progress.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        writer.lock();
        try {
            return action.get();
        } finally {
            writer.unlock();
        }
    }
}
