package dev.weft.controlplane.status;

import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.store.CommitObserver;
import dev.weft.node.v1.Report;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Measures how long a change takes from its commit to the report of a node that it is in the kernel. Where another replica
 * committed it, the time begins when this one learned of it. What a node is told at the start of its stream is no change,
 * and is not measured.
 */
public final class ProgrammingTimes implements SessionObserver, CommitObserver {

    /** Commits whose begin is kept until their change comes out of the watch. */
    private static final int MAX_COMMITS = 4096;

    /** Changes of one node that are waited for; more of them are not measured. */
    private static final int MAX_PENDING = 1024;

    private final SessionObserver next;
    private final ProgrammingObserver observer;
    private final ReentrantLock lock = new ReentrantLock();

    /** Revision to the nano time at which its commit began. */
    private final Map<Long, Long> commits = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MAX_COMMITS;
        }
    };

    private final Map<NodeName, Stream> streams = new HashMap<>();

    /** What is on its way to a node. */
    private static final class Stream {
        /** Revision to the nano time at which it was learned of. */
        private final NavigableMap<Long, Long> pending = new TreeMap<>();

        private Map<String, Long> repaired = Map.of();
        private boolean begun;
    }

    /** @param next hears everything, too */
    public ProgrammingTimes(SessionObserver next, ProgrammingObserver observer) {
        this.next = next;
        this.observer = observer;
    }

    @Override
    public void ended(Outcome outcome, long revision, long beginNanoTime, Duration took) {
        if (outcome == Outcome.COMMITTED) {
            locked(() -> commits.put(revision, beginNanoTime));
        }
    }

    @Override
    public void connected(NodeName node, long epoch) {
        locked(() -> streams.put(node, new Stream()));
        next.connected(node, epoch);
    }

    @Override
    public void disconnected(NodeName node) {
        locked(() -> streams.remove(node));
        next.disconnected(node);
    }

    @Override
    public void desired(NodeName node, long revision) {
        long now = System.nanoTime();
        locked(() -> {
            Stream stream = streams.get(node);
            if (stream != null && stream.begun && stream.pending.size() < MAX_PENDING) {
                stream.pending.putIfAbsent(revision, now);
            }
            return true;
        });
        next.desired(node, revision);
    }

    @Override
    public void distributed(long revision) {
        next.distributed(revision);
    }

    @Override
    public void reported(NodeName node, Report report) {
        next.reported(node, report);
        long now = System.nanoTime();
        Map<String, Long> repaired = Map.copyOf(report.getDriftRepairedMap());
        Map<Long, Long> applied = new TreeMap<>();
        Map<String, Long> before = new HashMap<>();
        locked(() -> {
            Stream stream = streams.get(node);
            if (stream == null) {
                return false;
            }
            NavigableMap<Long, Long> done = stream.pending.headMap(report.getAppliedRevision(), true);
            done.forEach((revision, learned) -> applied.put(revision, commits.getOrDefault(revision, learned)));
            done.clear();
            // A daemon counts from its own start; what it had counted before this stream was told on another one.
            before.putAll(stream.begun ? stream.repaired : repaired);
            stream.repaired = repaired;
            stream.begun = true;
            return true;
        });
        applied.values().forEach(begin -> observer.programmed(Duration.ofNanos(Math.max(0, now - begin))));
        repaired.forEach((kind, count) -> {
            long more = count - before.getOrDefault(kind, 0L);
            if (more > 0) {
                observer.repaired(kind, more);
            }
        });
    }

    /** How long the oldest change that a connected node has not applied is on its way; zero if there is none. */
    public Duration lag() {
        long now = System.nanoTime();
        OptionalLong oldest = locked(() -> streams.values().stream()
                .filter(stream -> !stream.pending.isEmpty())
                .mapToLong(stream -> now - stream.pending.firstEntry().getValue())
                .max());
        return Duration.ofNanos(Math.max(0, oldest.orElse(0)));
    }

    /** Connected nodes that have not applied all that they were told. */
    public long behind() {
        return locked(() -> streams.values().stream()
                .filter(stream -> !stream.pending.isEmpty())
                .count());
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
