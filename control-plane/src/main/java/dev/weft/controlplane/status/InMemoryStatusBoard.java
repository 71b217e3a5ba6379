package dev.weft.controlplane.status;

import dev.weft.controlplane.cluster.NodeObservation;
import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.cluster.ReplicaGroup;
import dev.weft.controlplane.cluster.RowObservation;
import dev.weft.controlplane.ipam.NodeAnswer;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.state.ClusterListener;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.state.EntityChange;
import dev.weft.node.v1.Report;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The board in this process's memory. Fed by the nodes' sessions, by what other replicas observe of theirs and, for
 * objects that vanish, by the replica.
 *
 * <p>An object counts as ready when its node reported it so for the revision of its last write or a later one. The
 * replica is never read while the board's lock is held: its writer takes that lock.
 */
public final class InMemoryStatusBoard implements StatusBoard, SessionObserver, ClusterListener {

    /** Before a replica that could not be asked, or a node that moves, is looked for again. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final ClusterState state;
    private final Clock clock;
    private final Instant startTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ReplicaGroup group;
    private final NodeRecords nodes;

    /** Grows with everything that a waiter could wait for. */
    private long generation;

    public InMemoryStatusBoard(ClusterState state, ReplicaGroup group, Clock clock) {
        this.state = state;
        this.group = group;
        this.nodes = new NodeRecords(group.self().name());
        this.clock = clock;
        this.startTime = clock.instant();
    }

    @Override
    public ObservedStatus sandbox(SandboxId id) {
        return state.<Optional<Wanted>>read(view -> view.sandbox(id).map(Wanted::sandbox))
                .map(this::observed)
                .orElseGet(() -> gone("sandbox " + id.shortId()));
    }

    @Override
    public ObservedStatus endpoint(EndpointId id) {
        return state.<Optional<Wanted>>read(view -> view.endpoint(id).map(Wanted::endpoint))
                .map(this::observed)
                .orElseGet(() -> gone("endpoint " + id.shortId()));
    }

    @Override
    public NodeLiveness node(NodeName name) {
        return locked(() -> nodes.known(name).liveness(group.self().name()));
    }

    @Override
    public NodeLiveness awaitConnected(NodeName name, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            long seen = locked(() -> generation);
            NodeLiveness liveness = node(name);
            if (liveness.connected() || !awaitChange(seen, deadline)) {
                return liveness;
            }
        }
    }

    @Override
    public NodeAnswer endpointOn(NodeName name, EndpointId id, long revision) {
        return locked(() -> {
            NodeRecord node = nodes.known(name);
            if (!node.connected()) {
                return new NodeAnswer.Silent(node.lastSeen().orElse(startTime));
            }
            Optional<RowObservation> reported = node.status(Wanted.key(id));
            if (reported.isPresent()) {
                return new NodeAnswer.Holds(settledRevision(reported.get()));
            }
            // Until the first report of its stream, which has all rows, a node has told nothing.
            return node.hasReported() && nodes.hasApplied(name, revision)
                    ? new NodeAnswer.HoldsNot()
                    : new NodeAnswer.NotYet();
        });
    }

    private static long settledRevision(RowObservation reported) {
        return status(reported) instanceof ObservedStatus.Ready(long revision, var _) ? revision : 0;
    }

    @Override
    public ObservedStatus awaitSandbox(SandboxId id, long revision, Duration timeout) throws InterruptedException {
        return await(view -> Wanted.sandboxAndEndpoints(view, id), "sandbox " + id.shortId(), revision, timeout);
    }

    @Override
    public ObservedStatus awaitEndpoint(EndpointId id, long revision, Duration timeout) throws InterruptedException {
        return await(
                view -> view
                        .endpoint(id)
                        .filter(endpoint -> endpoint.value().fallback().fallen().isEmpty())
                        .map(Wanted::endpoint)
                        .stream()
                        .toList(),
                "endpoint " + id.shortId(),
                revision,
                timeout);
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
            if (locked(() -> nodes.hasApplied(node, revision))) {
                return true;
            }
            Optional<Replica> holder = holder(node);
            long left = deadline - System.nanoTime();
            if (holder.isPresent() && left > 0) {
                // It knows at once, and this replica is told later.
                if (group.awaitApplied(holder.get(), node, revision, Duration.ofNanos(left))
                        .orElse(false)) {
                    return true;
                }
                awaitChange(seen, Math.min(deadline, System.nanoTime() + PAUSE.toNanos()));
                if (System.nanoTime() - deadline >= 0) {
                    return false;
                }
            } else if (!awaitChange(seen, deadline)) {
                return false;
            }
        }
    }

    /** The other replica that has the node's stream. */
    public Optional<Replica> holder(NodeName node) {
        return locked(() -> nodes.known(node).connected() ? nodes.known(node).elsewhere() : Optional.<String>empty())
                .flatMap(group::member);
    }

    @Override
    public boolean isHere(NodeName name) {
        return locked(() ->
                nodes.known(name).connected() && nodes.known(name).elsewhere().isEmpty());
    }

    /** The other replicas that have streams. */
    Set<String> elsewhere() {
        return locked(nodes::elsewhere);
    }

    /** What another replica says of a node counts if it is newer than what is known. */
    void observed(NodeObservation observation) {
        change(() -> nodes.observed(observation));
    }

    void left(String replica) {
        change(() -> nodes.left(replica, startTime));
    }

    void publishAgain() {
        change(nodes::publishAgain);
    }

    /** What the other replicas should be told now. A node that is not stored any more is not told of. */
    List<NodeObservation> takeUnpublished() {
        List<NodeName> taken = locked(nodes::takeUnpublished);
        if (taken.isEmpty()) {
            return List.of();
        }
        List<NodeName> stored = state.read(view ->
                taken.stream().filter(node -> view.node(node).isPresent()).toList());
        return locked(() -> nodes.observations(stored));
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
        NodeRecord node = nodes.known(wanted.node());
        Optional<RowObservation> reported = node.status(wanted.key());
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

    private static ObservedStatus status(RowObservation reported) {
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

    @Override
    public void connected(NodeName node, long registeredAt) {
        change(() -> nodes.connected(node, registeredAt, clock.instant()));
    }

    @Override
    public void disconnected(NodeName node) {
        change(() -> nodes.here(node, record -> {
            record.disconnect(clock.instant());
            nodes.soon(node);
        }));
    }

    @Override
    public void desired(NodeName node, long revision) {
        change(() -> nodes.here(node, record -> {
            record.desire(revision);
            nodes.later(node);
        }));
    }

    @Override
    public void distributed(long revision) {
        change(() -> nodes.distributed(revision));
    }

    @Override
    public void reported(NodeName node, Report report) {
        change(() -> nodes.here(node, record -> {
            if (record.report(report, nodes.distributedRevision(), clock.instant())) {
                nodes.soon(node);
            } else {
                nodes.later(node);
            }
        }));
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
                before.ifPresent(sandbox -> nodes.known(sandbox.node()).forget(Wanted.key(sandbox.id())));
            case EntityChange.EndpointChange(var before, var after)
            when after.isEmpty() ->
                before.ifPresent(endpoint -> nodes.known(endpoint.node()).forget(Wanted.key(endpoint.id())));
            case EntityChange.NodeChange(var before, var after)
            when after.isEmpty() -> before.ifPresent(node -> group.forget(node.name()));
            case EntityChange.SandboxChange _,
                    EntityChange.EndpointChange _,
                    EntityChange.NetworkChange _,
                    EntityChange.NodeChange _ -> {}
        }
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
