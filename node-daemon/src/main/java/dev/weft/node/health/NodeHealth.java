package dev.weft.node.health;

import dev.weft.node.model.RowKey;
import dev.weft.node.reconcile.PassReport;
import dev.weft.node.reconcile.RowState;
import dev.weft.ops.Readiness;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Ready: the control plane has told everything on the present stream, and what it told is in the kernel without failure. */
public final class NodeHealth {

    private static final int MAX_FAILURES_TOLD = 5;

    private final BooleanSupplier inSync;
    private final String controlPlane;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RowKey, RowState> states = new HashMap<>();
    private long revision;
    private boolean passed;
    private boolean broken;
    private boolean stopping;

    /**
     * @param inSync whether the control plane has told everything on the present stream
     * @param controlPlane its address, for people
     */
    public NodeHealth(BooleanSupplier inSync, String controlPlane) {
        this.inSync = inSync;
        this.controlPlane = controlPlane;
    }

    /** Takes note of a pass. */
    public void passed(PassReport report) {
        locked(() -> {
            passed = true;
            broken = false;
            revision = report.revision();
            report.changed().forEach((key, state) -> {
                if (state.stage() == RowState.Stage.REMOVED) {
                    states.remove(key);
                } else {
                    states.put(key, state);
                }
            });
            return true;
        });
    }

    /** Takes note of a pass that ended before its end. */
    public void passFailed() {
        locked(() -> broken = true);
    }

    /** From now on it is not ready. */
    public void stopping() {
        locked(() -> stopping = true);
    }

    public Readiness readiness() {
        boolean told = inSync.getAsBoolean();
        return locked(() -> {
            if (stopping) {
                return Readiness.notReady("stopping");
            }
            List<String> reasons = new ArrayList<>();
            if (!told) {
                reasons.add("stream: the control plane at " + controlPlane + " has not told this node's desired state"
                        + " on a stream that is open now");
            }
            if (!passed) {
                reasons.add("kernel: nothing has been applied yet");
            }
            if (broken) {
                reasons.add("kernel: the last pass failed; the log says why");
            }
            Map<String, String> failed = new TreeMap<>();
            states.forEach((key, state) -> {
                if (state.stage() == RowState.Stage.FAILED) {
                    failed.put(key.kind().name().toLowerCase(Locale.ROOT) + " " + key.id(), state.message());
                }
            });
            failed.entrySet().stream()
                    .limit(MAX_FAILURES_TOLD)
                    .forEach(entry -> reasons.add(entry.getKey() + ": " + entry.getValue()));
            if (failed.size() > MAX_FAILURES_TOLD) {
                reasons.add((failed.size() - MAX_FAILURES_TOLD) + " more have failed; see weft node inspect");
            }
            return new Readiness(reasons);
        });
    }

    /** The revision of the last pass that changed anything. */
    public long appliedRevision() {
        return locked(() -> revision);
    }

    /** How many rows are in each stage. */
    public Map<RowState.Stage, Long> rows() {
        return locked(() -> {
            Map<RowState.Stage, Long> counts = new EnumMap<>(RowState.Stage.class);
            states.values().forEach(state -> counts.merge(state.stage(), 1L, Long::sum));
            return counts;
        });
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
