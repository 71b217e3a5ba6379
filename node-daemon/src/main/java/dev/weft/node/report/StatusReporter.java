package dev.weft.node.report;

import dev.weft.api.v1.ObjectStatus;
import dev.weft.node.kernel.ObjectKind;
import dev.weft.node.model.RowKey;
import dev.weft.node.reconcile.PassReport;
import dev.weft.node.reconcile.RowState;
import dev.weft.node.sync.RowCodec;
import dev.weft.node.v1.Report;
import dev.weft.node.v1.RowStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports how each row stands: what changed right after the pass that changed it, everything after a new stream, and a
 * sign of life every few seconds.
 */
public final class StatusReporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusReporter.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Predicate<Report> sink;
    private final UnaryOperator<Report.Builder> additions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Map<RowKey, RowState> states = new HashMap<>();
    private final Map<RowKey, RowState> unsent = new HashMap<>();
    private final Thread thread;
    private Map<ObjectKind, Long> drift = Map.of();
    private long revision;
    private boolean due;
    private boolean closed;

    /**
     * @param sink takes a report, or says that it cannot at the moment
     * @param additions completes the reports that are sent without a cause, with what is expensive
     */
    public StatusReporter(Predicate<Report> sink, UnaryOperator<Report.Builder> additions) {
        this.sink = sink;
        this.additions = additions;
        this.thread = Thread.ofPlatform().name("reports").daemon().unstarted(this::loop);
    }

    public void start() {
        thread.start();
    }

    /** Takes note of a pass. */
    public void passed(PassReport pass) {
        locked(() -> {
            revision = pass.revision();
            drift = pass.driftRepaired();
            pass.changed().forEach((key, state) -> {
                if (state.stage() == RowState.Stage.REMOVED) {
                    states.remove(key);
                } else {
                    states.put(key, state);
                }
                unsent.put(key, state);
            });
            due = true;
        });
    }

    /** A new stream knows nothing yet. */
    public void connected() {
        locked(() -> {
            unsent.putAll(states);
            due = true;
        });
    }

    private void loop() {
        while (true) {
            boolean periodic = !awaitDue();
            Report.Builder report = Report.newBuilder();
            Map<RowKey, RowState> sending;
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                due = false;
                sending = new HashMap<>(unsent);
                unsent.clear();
                report.setAppliedRevision(revision);
                drift.forEach((kind, count) -> report.putDriftRepaired(kind.label(), count));
            } finally {
                lock.unlock();
            }
            sending.forEach((key, state) -> report.addStatuses(encode(key, state)));
            Report whole = (periodic ? completed(report) : report).build();
            if (!sink.test(whole)) {
                giveBack(sending);
            }
        }
    }

    /** A sign of life without what could not be read is better than none. */
    private Report.Builder completed(Report.Builder report) {
        try {
            return additions.apply(report);
        } catch (RuntimeException e) {
            LOG.error("a report goes without what the node sees of its host", e);
            return report;
        }
    }

    /** @return whether there is a cause; false when only time has passed */
    private boolean awaitDue() {
        lock.lock();
        try {
            long left = INTERVAL.toNanos();
            while (!due && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
            return due;
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody listens: the rows wait for the next stream, unless there is newer to say of them. */
    private void giveBack(Map<RowKey, RowState> sending) {
        locked(() -> {
            boolean wasDue = due;
            sending.forEach(unsent::putIfAbsent);
            due = wasDue;
        });
    }

    private static RowStatus encode(RowKey key, RowState state) {
        RowStatus.Builder status = RowStatus.newBuilder()
                .setKey(RowCodec.encode(key))
                .setMessage(state.message())
                .setObservedRevision(state.revision());
        return switch (state.stage()) {
            case PENDING -> status.setState(ObjectStatus.State.PENDING).build();
            case READY -> status.setState(ObjectStatus.State.READY).build();
            case FAILED -> status.setState(ObjectStatus.State.FAILED).build();
            case REMOVED -> status.setRemoved(true).build();
        };
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        locked(() -> closed = true);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
