package dev.weft.controlplane.distribution;

import com.google.common.collect.MapMaker;
import dev.weft.controlplane.audit.AuditOpener;
import dev.weft.controlplane.desired.DesiredStateGraph;
import dev.weft.controlplane.desired.Row;
import dev.weft.controlplane.desired.RowChange;
import dev.weft.controlplane.desired.RowChanges;
import dev.weft.controlplane.desired.RowKey;
import dev.weft.controlplane.exec.ExecOpener;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterListener;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.state.EntityChange;
import dev.weft.controlplane.status.SessionObserver;
import dev.weft.node.v1.ControlMessage;
import dev.weft.node.v1.Report;
import dev.weft.sync.RowDigest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the desired state with the nodes' streams.
 *
 * <p>The replica's writer brings each revision here: it is turned into row changes, encoded once, and put into the
 * sessions of the nodes that it concerns; sending is the sessions' own work on other threads. One lock holds the graph
 * and the list of sessions together, so that a snapshot and the changes after it fit without gap or overlap.
 */
public final class NodeDistribution implements ClusterListener, ExecOpener, AuditOpener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodeDistribution.class);

    /** How long a node may be left unaware of revisions that do not concern it. */
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(2);

    private static final Status SHUTTING_DOWN =
            Status.UNAVAILABLE.withDescription("the control plane is shutting down; dial again");

    private final SessionObserver observer;
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("node-progress").factory());

    private final ReentrantLock lock = new ReentrantLock();
    private final DesiredStateGraph graph = new DesiredStateGraph();
    private final Map<NodeName, Long> epochs = new HashMap<>();

    /** The one session that each node has, begun or not. */
    private final Map<NodeName, NodeSession> sessions = new HashMap<>();

    /** Sessions whose own registration the replica does not show yet. */
    private final Map<NodeName, NodeSession> waiting = new HashMap<>();

    /**
     * Digests of rows, by the very object and for as long as that lives: all nodes ask for them every few seconds, and a
     * network's nodes for the same ones.
     */
    private final Map<Row, Long> digests = new MapMaker().weakKeys().makeMap();

    private boolean closing;

    public NodeDistribution(SessionObserver observer) {
        this(observer, PROGRESS_INTERVAL);
    }

    NodeDistribution(SessionObserver observer, Duration progressInterval) {
        this.observer = observer;
        var unused = timer.scheduleAtFixedRate(
                this::tellProgress, progressInterval.toMillis(), progressInterval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onSnapshot(ClusterView view) {
        locked(() -> {
            epochs.clear();
            view.nodes().forEach(node -> registered(node.value()));
            List.copyOf(sessions.keySet()).stream()
                    .filter(node -> !epochs.containsKey(node) && !waiting.containsKey(node))
                    .forEach(this::removed);
            distribute(graph.reset(view));
            return true;
        });
    }

    @Override
    public void onChanges(ClusterView view, List<EntityChange> changes) {
        locked(() -> {
            for (EntityChange change : changes) {
                if (change instanceof EntityChange.NodeChange(var before, var after)) {
                    after.ifPresentOrElse(this::registered, () -> before.ifPresent(node -> removed(node.name())));
                }
            }
            distribute(graph.apply(view, changes));
            return true;
        });
    }

    /** A node that has registered since its stream was opened has dialled another replica, or does so anew here. */
    private void registered(Node node) {
        epochs.put(node.name(), node.epoch());
        NodeSession session = sessions.get(node.name());
        if (session != null && session.epoch() < node.epoch()) {
            sessions.remove(node.name());
            waiting.remove(node.name());
            session.end(superseded(node.name(), node.epoch()));
            observer.disconnected(node.name());
        }
    }

    /** A node that is not registered any more has no stream: a daemon that is there has to register anew. */
    private void removed(NodeName node) {
        epochs.remove(node);
        waiting.remove(node);
        NodeSession session = sessions.remove(node);
        if (session != null) {
            session.end(Status.ABORTED.withDescription(
                    "node " + node + " was removed from the cluster; if it is to be in it again, it has to join anew"));
            observer.disconnected(node);
        }
    }

    /** Touches the nodes that the changes concern and no others: these learn of the revision in time. */
    private void distribute(RowChanges changes) {
        // Nodes on one network get the same row object: it is encoded once for all of them.
        Map<Row, PendingChange> encoded = new IdentityHashMap<>();
        changes.byNode().forEach((node, mine) -> {
            NodeSession session = sessions.get(node);
            if (session == null || waiting.containsKey(node)) {
                return;
            }
            SortedMap<RowKey, PendingChange> pending = new TreeMap<>();
            mine.forEach((key, change) -> pending.put(key, encode(change, encoded)));
            observer.desired(node, changes.revision());
            session.update(changes.revision(), pending);
        });
        List.copyOf(waiting.values()).forEach(this::beginIfRegistered);
        observer.distributed(changes.revision());
    }

    private static PendingChange encode(RowChange change, Map<Row, PendingChange> encoded) {
        return switch (change) {
            case RowChange.Updated(var row) ->
                encoded.computeIfAbsent(row, fresh -> new PendingChange.Update(RowCodec.encode(fresh)));
            case RowChange.Removed(var key) -> new PendingChange.Removal(RowCodec.encode(key));
        };
    }

    /**
     * Takes a node's stream. Of two streams of one node the one that registered later is kept, the other is ended.
     *
     * @param registered by the stream's own registration, which the replica need not show yet
     */
    NodeSession open(Versioned<Node> registered, ServerCallStreamObserver<ControlMessage> stream) {
        NodeName node = registered.value().name();
        long epoch = registered.value().epoch();
        return locked(() -> {
            NodeSession session = new NodeSession(node, epoch, stream, senders);
            if (closing) {
                session.end(SHUTTING_DOWN);
                return session;
            }
            NodeSession other = sessions.get(node);
            if (other != null && other.epoch() >= epoch) {
                session.end(superseded(node, other.epoch()));
                return session;
            }
            if (other != null) {
                log.warn(
                        "node {} dialled again: its stream of epoch {} ends for that of {}",
                        node,
                        other.epoch(),
                        epoch);
                other.end(superseded(node, epoch));
            }
            sessions.put(node, session);
            waiting.put(node, session);
            observer.connected(node, registered.modRevision());
            session.welcome();
            beginIfRegistered(session);
            return session;
        });
    }

    private static Status superseded(NodeName node, long epoch) {
        return Status.ABORTED.withDescription("another stream of node " + node + " took over with epoch " + epoch
                + "; if this repeats, two daemons run under one name");
    }

    /**
     * The snapshot waits until the replica has the node's own registration: a replica that is behind could lack
     * everything the node has, and the node would remove it.
     */
    private void beginIfRegistered(NodeSession session) {
        NodeName node = session.node();
        if (epochs.getOrDefault(node, 0L) < session.epoch()) {
            return;
        }
        waiting.remove(node);
        Collection<Row> rows = graph.rowsOf(node).values();
        observer.desired(node, graph.revision());
        session.begin(graph.revision(), rows);
        log.info("node {} gets {} rows as of revision {}", node, rows.size(), graph.revision());
    }

    /** The session's stream is over. */
    void closed(NodeSession session) {
        locked(() -> {
            if (sessions.remove(session.node(), session)) {
                waiting.remove(session.node());
                observer.disconnected(session.node());
            }
            return true;
        });
    }

    /** Takes a report, unless the session is not the node's present one any more. */
    void reported(NodeSession session, Report report) {
        boolean present = locked(() -> {
            if (sessions.get(session.node()) != session) {
                return false;
            }
            observer.reported(session.node(), report);
            return true;
        });
        if (present && report.getNetworkDigestsCount() > 0) {
            compareDigests(session, report);
        }
    }

    /** Sends again what the node holds otherwise than it should. Compares only where both ends speak of one revision. */
    private void compareDigests(NodeSession session, Report report) {
        Optional<Map<String, Long>> digests = digestsAsOf(session, report.getDigestsRevision());
        if (digests.isEmpty()) {
            return;
        }
        Map<String, Long> expected = digests.get();
        Map<String, Long> held = new TreeMap<>(report.getNetworkDigestsMap());
        List<String> different = new ArrayList<>();
        expected.forEach((network, digest) -> {
            if (!digest.equals(held.get(network))) {
                different.add(network);
            }
        });
        held.keySet().stream().filter(network -> !expected.containsKey(network)).forEach(different::add);
        if (!different.isEmpty()) {
            resend(session, report.getDigestsRevision(), different);
        }
    }

    private Optional<Map<String, Long>> digestsAsOf(NodeSession session, long revision) {
        return locked(() -> {
            if (!isSettled(session, revision)) {
                return Optional.empty();
            }
            Map<String, Long> sums = new TreeMap<>();
            graph.forEachRowOf(
                    session.node(),
                    row -> sums.merge(
                            row.partOf().map(NetworkId::value).orElse(RowDigest.NO_NETWORK),
                            digests.computeIfAbsent(row, fresh -> RowDigest.of(RowCodec.encode(fresh))),
                            Long::sum));
            return Optional.of(sums);
        });
    }

    private boolean isSettled(NodeSession session, long revision) {
        return sessions.get(session.node()) == session
                && session.settledRevision().equals(Optional.of(revision));
    }

    private void resend(NodeSession session, long revision, List<String> networks) {
        locked(() -> {
            if (!isSettled(session, revision)) {
                return false;
            }
            log.error(
                    "node {} holds other rows than it was sent, of networks {}: sent again", session.node(), networks);
            if (networks.contains(RowDigest.NO_NETWORK)) {
                session.begin(graph.revision(), graph.rowsOf(session.node()).values());
            } else {
                networks.forEach(network -> session.resend(
                        network,
                        graph.revision(),
                        graph.rowsOf(session.node(), new NetworkId(network)).values()));
            }
            return true;
        });
    }

    @Override
    public boolean openExec(NodeName node, String execId) {
        return locked(() -> {
            NodeSession session = sessions.get(node);
            if (session == null) {
                return false;
            }
            session.openExec(execId);
            return true;
        });
    }

    @Override
    public boolean openAudit(NodeName node, String auditId, List<SandboxId> sandboxes) {
        return locked(() -> {
            NodeSession session = sessions.get(node);
            if (session == null) {
                return false;
            }
            session.openAudit(auditId, sandboxes);
            return true;
        });
    }

    /** Whether any node has its stream here. */
    public boolean hasStreams() {
        return locked(() -> !sessions.isEmpty());
    }

    /** Ends all streams for the nodes to dial another replica; new ones are taken. */
    public void endStreams() {
        locked(() -> List.copyOf(sessions.values()))
                .forEach(session -> session.end(Status.UNAVAILABLE.withDescription(
                        "this replica of the control plane has lost its store; another has it")));
    }

    /**
     * Ends the streams of some nodes, for them to dial another replica. Of those that have been here for long only, and are not
     * just about to dial back here for a command: that would find nobody there.
     *
     * @param most of so many nodes
     * @param stay how long a node stays at least
     * @return how many were sent
     */
    public int sendAway(int most, Duration stay) {
        List<NodeSession> chosen = locked(() -> sessions.values().stream()
                .filter(session -> !waiting.containsKey(session.node()) && session.isSettled(stay))
                .limit(most)
                .toList());
        chosen.forEach(session -> session.end(Status.UNAVAILABLE.withDescription(
                "another replica of the control plane has fewer nodes; this one goes there")));
        return chosen.size();
    }

    private void tellProgress() {
        record Told(long revision, List<NodeSession> sessions) {}
        // What the nodes get of a revision is in their sessions before the lock is free.
        Told told = locked(() -> new Told(
                graph.revision(),
                sessions.values().stream()
                        .filter(session -> !waiting.containsKey(session.node()))
                        .toList()));
        told.sessions().forEach(session -> session.tellProgress(told.revision()));
    }

    /** Ends all streams; the daemons keep what they have and dial again. */
    @Override
    public void close() {
        timer.shutdownNow();
        locked(() -> {
                    closing = true;
                    return List.copyOf(sessions.values());
                })
                .forEach(session -> session.end(SHUTTING_DOWN));
        senders.close();
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
