package dev.weft.node.reconcile;

import dev.weft.node.kernel.KernelChange;
import dev.weft.node.kernel.NamespaceRef;
import dev.weft.node.kernel.ObjectKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What others leave for the reconciler. Rows are handed over at once; notifications that ask for a read-back wait a
 * moment for more of their kind, as most are echoes of the reconciler's own work and come in bursts.
 */
final class Inbox {

    private static final Duration SHORTEST_DELAY = Duration.ofMillis(150);

    /** Repairs must begin within a second. */
    private static final Duration LONGEST_DELAY = Duration.ofMillis(700);

    /** Reading back takes long on a host with many endpoints; it may take up one part in so many of the time. */
    private static final int SHARE = 10;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private List<DesiredUpdate> desired = new ArrayList<>();
    private List<Change> changes = new ArrayList<>();
    private Map<NamespaceRef, Looks> toRead = new HashMap<>();
    private Optional<Instant> readAt = Optional.empty();
    private Duration delay = SHORTEST_DELAY;
    private Instant notBefore = Instant.MIN;
    private boolean closed;

    Inbox(InstantSource clock) {
        this.clock = clock;
    }

    /** A notification that says what changed. */
    record Change(NamespaceRef namespace, KernelChange change) {}

    record Content(List<DesiredUpdate> desired, List<Change> changes, Map<NamespaceRef, Looks> toRead) {}

    void desired(DesiredUpdate update) {
        locked(() -> {
            desired.add(update);
            news.signal();
        });
    }

    void changed(NamespaceRef namespace, KernelChange change) {
        locked(() -> {
            switch (change) {
                case KernelChange.LookAgain(Set<ObjectKind> kinds) ->
                    looksAt(namespace).add(kinds);
                case KernelChange.LookAtLink link -> looksAt(namespace).add(link);
                case KernelChange.Present _, KernelChange.Gone _ -> {
                    changes.add(new Change(namespace, change));
                    news.signal();
                }
            }
        });
    }

    private Looks looksAt(NamespaceRef namespace) {
        if (readAt.isEmpty()) {
            readAt = Optional.of(clock.instant().plus(delay));
            news.signal();
        }
        return toRead.computeIfAbsent(namespace, ref -> new Looks());
    }

    /** Spaces the next read-backs by what one takes: changes should not wait behind them. */
    void readBackTook(Duration duration) {
        Duration share = duration.multipliedBy(SHARE);
        locked(() -> delay = share.compareTo(SHORTEST_DELAY) < 0
                ? SHORTEST_DELAY
                : share.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : share);
    }

    /** Holds back the next content, after something went wrong. */
    void pause(Duration duration) {
        locked(() -> notBefore = clock.instant().plus(duration));
    }

    void close() {
        locked(() -> {
            closed = true;
            news.signal();
        });
    }

    /**
     * Waits for something to do.
     *
     * @param deadline when to return even with nothing
     * @return empty once closed
     */
    Optional<Content> await(Instant deadline) {
        lock.lock();
        try {
            while (!closed) {
                Instant now = clock.instant();
                Instant due = latest(notBefore, urgent() ? Instant.MIN : earliest(deadline));
                if (!due.isAfter(now)) {
                    return Optional.of(take(now));
                }
                boolean unusedMoreTime =
                        news.await(Math.max(1, Duration.between(now, due).toMillis()), TimeUnit.MILLISECONDS);
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private boolean urgent() {
        return !desired.isEmpty() || !changes.isEmpty();
    }

    private Instant earliest(Instant deadline) {
        return readAt.filter(read -> read.isBefore(deadline)).orElse(deadline);
    }

    private static Instant latest(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private Content take(Instant now) {
        List<DesiredUpdate> takenDesired = desired;
        List<Change> takenChanges = changes;
        desired = new ArrayList<>();
        changes = new ArrayList<>();
        Map<NamespaceRef, Looks> takenReads = Map.of();
        if (readAt.filter(read -> !read.isAfter(now)).isPresent()) {
            takenReads = toRead;
            toRead = new HashMap<>();
            readAt = Optional.empty();
        }
        return new Content(takenDesired, takenChanges, takenReads);
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
