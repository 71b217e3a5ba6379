package dev.weft.controlplane.status;

import dev.weft.controlplane.ipam.NodeAnswer;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterListener;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.state.EntityChange;
import dev.weft.node.v1.Report;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.RowKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The board in this process's memory. Fed by the nodes' sessions and, for objects that vanish, by the replica.
 *
 * <p>An object counts as ready when its node reported it so for the revision of its last write or a later one. The
 * replica is never read while the board's lock is held: its writer takes that lock.
 */
public final class InMemoryStatusBoard implements StatusBoard, SessionObserver, ClusterListener {

    /** A row that somebody waits for, and the revision it has to be reported at. */
    private record Wanted(NodeName node, RowKey key, long revision) {}

    private final ClusterState state;
    private final Clock clock;
    private final Instant startTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<NodeName, NodeRecord> nodes = new HashMap<>();
    private long distributedRevision = -1;

    /** Grows with everything that a waiter could wait for. */
    private long generation;

    public InMemoryStatusBoard(ClusterState state, Clock clock) {
        this.state = state;
        this.clock = clock;
        this.startTime = clock.instant();
    }

    @Override
    public ObservedStatus sandbox(SandboxId id) {
        return state.<Optional<Wanted>>read(view -> view.sandbox(id).map(InMemoryStatusBoard::wanted))
                .map(this::observed)
                .orElseGet(() -> gone("sandbox " + id.shortId()));
    }

    @Override
    public ObservedStatus endpoint(EndpointId id) {
        return state.<Optional<Wanted>>read(view -> view.endpoint(id).map(InMemoryStatusBoard::wantedEndpoint))
                .map(this::observed)
                .orElseGet(() -> gone("endpoint " + id.shortId()));
    }

    @Override
    public NodeLiveness node(NodeName name) {
        return locked(() -> known(name).liveness());
    }

    @Override
    public NodeAnswer endpointOn(NodeName name, EndpointId id, long revision) {
        return locked(() -> {
            NodeRecord node = known(name);
            if (!node.connected()) {
                return new NodeAnswer.Silent(node.lastSeen().orElse(startTime));
            }
            Optional<NodeRecord.Reported> reported = node.status(key(id));
            if (reported.isPresent()) {
                return new NodeAnswer.Holds(settledRevision(reported.get()));
            }
            // Until the first report of its stream, which has all rows, a node has told nothing.
            return node.hasReported() && hasApplied(name, revision)
                    ? new NodeAnswer.HoldsNot()
                    : new NodeAnswer.NotYet();
        });
    }

    private static long settledRevision(NodeRecord.Reported reported) {
        return status(reported) instanceof ObservedStatus.Ready(long revision, var _) ? revision : 0;
    }

    @Override
    public ObservedStatus awaitSandbox(SandboxId id, long revision, Duration timeout) throws InterruptedException {
        return await(view -> sandboxAndEndpoints(view, id), "sandbox " + id.shortId(), revision, timeout);
    }

    @Override
    public ObservedStatus awaitEndpoint(EndpointId id, long revision, Duration timeout) throws InterruptedException {
        return await(
                view -> view
                        .endpoint(id)
                        .filter(endpoint -> endpoint.value().fallback().fallen().isEmpty())
                        .map(InMemoryStatusBoard::wantedEndpoint)
                        .stream()
                        .toList(),
                "endpoint " + id.shortId(),
                revision,
                timeout);
    }

    private static List<Wanted> sandboxAndEndpoints(ClusterView view, SandboxId id) {
        List<Wanted> wanted = new ArrayList<>();
        view.sandbox(id).map(InMemoryStatusBoard::wanted).ifPresent(sandbox -> {
            wanted.add(sandbox);
            // One that has fallen back is not waited for: the sandbox is as it may be.
            view.endpointsIn(id).stream()
                    .filter(endpoint -> endpoint.value().fallback().fallen().isEmpty())
                    .forEach(endpoint -> wanted.add(wantedEndpoint(endpoint)));
        });
        return wanted;
    }

    private ObservedStatus await(Function<ClusterView, List<Wanted>> find, String what, long revision, Duration timeout)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        if (!state.awaitRevision(revision, timeout)) {
            return new ObservedStatus.Pending(
                    "this control plane has not seen revision " + revision + " within " + timeout.toMillis() + " ms");
        }
        while (true) {
            long seen = locked(() -> generation);
            List<Wanted> wanted = state.read(find);
            if (wanted.isEmpty()) {
                return gone(what);
            }
            ObservedStatus worst = worst(wanted);
            if (!(worst instanceof ObservedStatus.Pending) || !awaitChange(seen, deadline)) {
                return worst;
            }
        }
    }

    /** Returns false when the deadline has passed. */
    private boolean awaitChange(long seen, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (generation == seen) {
                long nanos = deadline - System.nanoTime();
                if (nanos <= 0) {
                    return false;
                }
                changed.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitApplied(NodeName node, long revision, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            long seen = locked(() -> generation);
            if (locked(() -> hasApplied(node, revision))) {
                return true;
            }
            if (!awaitChange(seen, deadline)) {
                return false;
            }
        }
    }

    /** A revision that brought the node nothing is applied once everything before it is. */
    private boolean hasApplied(NodeName name, long revision) {
        NodeRecord node = known(name);
        return node.connected()
                && node.desiredRevision() > 0
                && distributedRevision >= revision
                && node.appliedRevision() >= Math.min(revision, node.desiredRevision());
    }

    private ObservedStatus worst(List<Wanted> wanted) {
        return locked(() -> {
            Optional<ObservedStatus> pending = Optional.empty();
            Optional<ObservedStatus.Ready> ready = Optional.empty();
            for (Wanted one : wanted) {
                switch (current(one)) {
                    case ObservedStatus.Failed failed -> {
                        return failed;
                    }
                    case ObservedStatus.Pending waiting -> pending = pending.or(() -> Optional.of(waiting));
                    case ObservedStatus.Ready now ->
                        ready = ready.filter(other -> other.observedRevision() >= now.observedRevision())
                                .or(() -> Optional.of(now));
                }
            }
            Optional<ObservedStatus> best = ready.map(found -> found);
            return pending.or(() -> best).orElseGet(() -> new ObservedStatus.Pending("nothing to wait for"));
        });
    }

    /** Of the object as it is stored now: what was reported of an older version of it does not count. */
    private ObservedStatus current(Wanted wanted) {
        ObservedStatus observed = observedLocked(wanted);
        long revision = switch (observed) {
            case ObservedStatus.Pending _ -> Long.MAX_VALUE;
            case ObservedStatus.Ready(var at, var _) -> at;
            case ObservedStatus.Failed(var _, var at, var _) -> at;
        };
        return revision >= wanted.revision()
                ? observed
                : new ObservedStatus.Pending("node " + wanted.node() + " has not reported revision " + wanted.revision()
                        + " yet, only " + revision);
    }

    private ObservedStatus observed(Wanted wanted) {
        return locked(() -> observedLocked(wanted));
    }

    private ObservedStatus observedLocked(Wanted wanted) {
        NodeRecord node = known(wanted.node());
        Optional<NodeRecord.Reported> reported = node.status(wanted.key());
        if (!node.connected()) {
            String since = node.lastSeen()
                    .map(time -> "has been away since " + time)
                    .orElse("has not been seen since this control plane started");
            String lastKnown = reported.map(InMemoryStatusBoard::status)
                    .map(status -> "; last known: " + describe(status))
                    .orElse("");
            return new ObservedStatus.Pending("node " + wanted.node() + " " + since + lastKnown);
        }
        return reported.map(InMemoryStatusBoard::status)
                .orElseGet(() -> new ObservedStatus.Pending("node " + wanted.node() + " has not reported it yet"));
    }

    private static ObservedStatus status(NodeRecord.Reported reported) {
        String message = reported.status().getMessage();
        long revision = reported.status().getObservedRevision();
        return switch (reported.status().getState()) {
            case READY -> new ObservedStatus.Ready(revision, reported.since());
            case FAILED -> new ObservedStatus.Failed(message, revision, reported.since());
            case PENDING, STATE_UNSPECIFIED, UNRECOGNIZED -> new ObservedStatus.Pending(message);
        };
    }

    private static String describe(ObservedStatus status) {
        return switch (status) {
            case ObservedStatus.Pending(var message) -> "pending" + (message.isEmpty() ? "" : " (" + message + ")");
            case ObservedStatus.Ready(var revision, var _) -> "ready at revision " + revision;
            case ObservedStatus.Failed(var message, var _, var _) -> "failed (" + message + ")";
        };
    }

    private static ObservedStatus gone(String what) {
        return new ObservedStatus.Pending("there is no " + what);
    }

    private static Wanted wanted(Versioned<Sandbox> sandbox) {
        return new Wanted(sandbox.value().node(), key(sandbox.value().id()), sandbox.modRevision());
    }

    private static Wanted wantedEndpoint(Versioned<Endpoint> endpoint) {
        return new Wanted(endpoint.value().node(), key(endpoint.value().id()), endpoint.modRevision());
    }

    private static RowKey key(SandboxId id) {
        return RowKey.newBuilder()
                .setKind(RowKind.ROW_KIND_SANDBOX)
                .setId(id.value())
                .build();
    }

    private static RowKey key(EndpointId id) {
        return RowKey.newBuilder()
                .setKind(RowKind.ROW_KIND_ENDPOINT)
                .setId(id.value())
                .build();
    }

    @Override
    public void connected(NodeName node, long epoch) {
        change(() -> record(node).connect(clock.instant()));
    }

    @Override
    public void disconnected(NodeName node) {
        change(() -> record(node).disconnect(clock.instant()));
    }

    @Override
    public void desired(NodeName node, long revision) {
        change(() -> record(node).desire(revision));
    }

    @Override
    public void distributed(long revision) {
        change(() -> distributedRevision = revision);
    }

    @Override
    public void reported(NodeName node, Report report) {
        change(() -> record(node).report(report, distributedRevision, clock.instant()));
    }

    @Override
    public void onSnapshot(ClusterView view) {
        change(() -> {});
    }

    @Override
    public void onChanges(ClusterView view, List<EntityChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        change(() -> changes.forEach(this::forgetRemoved));
    }

    private void forgetRemoved(EntityChange change) {
        switch (change) {
            case EntityChange.SandboxChange(var before, var after)
            when after.isEmpty() ->
                before.ifPresent(sandbox -> record(sandbox.node()).forget(key(sandbox.id())));
            case EntityChange.EndpointChange(var before, var after)
            when after.isEmpty() ->
                before.ifPresent(endpoint -> record(endpoint.node()).forget(key(endpoint.id())));
            case EntityChange.SandboxChange _,
                    EntityChange.EndpointChange _,
                    EntityChange.NetworkChange _,
                    EntityChange.NodeChange _ -> {}
        }
    }

    /** For reading only: whoever asks for a node that never was leaves nothing behind. */
    private NodeRecord known(NodeName name) {
        return Optional.ofNullable(nodes.get(name)).orElseGet(NodeRecord::new);
    }

    private NodeRecord record(NodeName name) {
        return nodes.computeIfAbsent(name, _ -> new NodeRecord());
    }

    private void change(Runnable step) {
        lock.lock();
        try {
            step.run();
            generation++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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
