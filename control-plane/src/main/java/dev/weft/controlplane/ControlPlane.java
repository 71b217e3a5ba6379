package dev.weft.controlplane;

import dev.weft.config.HostPort;
import dev.weft.controlplane.api.grpc.BackupGrpcService;
import dev.weft.controlplane.api.grpc.CallObserver;
import dev.weft.controlplane.api.grpc.ChangeGrpcService;
import dev.weft.controlplane.api.grpc.EndpointGrpcService;
import dev.weft.controlplane.api.grpc.ExecGrpcService;
import dev.weft.controlplane.api.grpc.GrpcServers;
import dev.weft.controlplane.api.grpc.IpamGrpcService;
import dev.weft.controlplane.api.grpc.NetworkGrpcService;
import dev.weft.controlplane.api.grpc.NodeGrpcService;
import dev.weft.controlplane.api.grpc.PortAuditGrpcService;
import dev.weft.controlplane.api.grpc.PortGrpcService;
import dev.weft.controlplane.api.grpc.SandboxGrpcService;
import dev.weft.controlplane.api.grpc.TrustGrpcService;
import dev.weft.controlplane.api.rest.HttpEdge;
import dev.weft.controlplane.api.rest.OperationsEdge;
import dev.weft.controlplane.audit.DialBackAudits;
import dev.weft.controlplane.cluster.ForwardedCalls;
import dev.weft.controlplane.cluster.LoneReplica;
import dev.weft.controlplane.cluster.NodeRoutes;
import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.cluster.ReplicaGroup;
import dev.weft.controlplane.cluster.grpc.GrpcReplicaChannels;
import dev.weft.controlplane.cluster.hazelcast.HazelcastGroup;
import dev.weft.controlplane.cluster.hazelcast.HazelcastGroupConfig;
import dev.weft.controlplane.config.ControlPlaneConfig;
import dev.weft.controlplane.config.ControlPlaneOptions;
import dev.weft.controlplane.distribution.NodeDistribution;
import dev.weft.controlplane.distribution.NodeSyncService;
import dev.weft.controlplane.events.kafka.KafkaEventLog;
import dev.weft.controlplane.events.publish.EventPublisher;
import dev.weft.controlplane.events.publish.PublisherReport;
import dev.weft.controlplane.exec.DialBackExecRelay;
import dev.weft.controlplane.health.HealthMonitor;
import dev.weft.controlplane.health.StoreCheck;
import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.ipam.Pools;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.leadership.LeaderTask;
import dev.weft.controlplane.leadership.Leadership;
import dev.weft.controlplane.metrics.ControlPlaneMetrics;
import dev.weft.controlplane.service.Services;
import dev.weft.controlplane.state.Freshness;
import dev.weft.controlplane.state.ReplicatedClusterState;
import dev.weft.controlplane.status.InMemoryStatusBoard;
import dev.weft.controlplane.status.ObservationSharing;
import dev.weft.controlplane.status.ProgrammingTimes;
import dev.weft.controlplane.status.SessionObserver;
import dev.weft.controlplane.store.CommitObserver;
import dev.weft.controlplane.store.CompactionPolicy;
import dev.weft.controlplane.store.ObservedStore;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.controlplane.store.config.Stores;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's parts and how they are joined.
 *
 * <pre>
 * store ──watch──► state (replica) ──► desired ──► distribution ──► nodes' streams
 *   ▲                 │                                 │ reports
 *   │ transactions    ▼                                 ▼
 *   └──────────── service ◄── api.grpc              status board
 *
 * store ──watch──► events (the leader's) ──► Kafka
 * </pre>
 */
public final class ControlPlane implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final Duration FILL_PATIENCE = Duration.ofSeconds(30);

    /** What was started, last one first: the order in which it is closed. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private final ControlPlaneConfig config;
    private final HealthMonitor health = new HealthMonitor();
    private final Optional<ControlPlaneMetrics> metrics;
    private int port;
    private OptionalInt metricsPort = OptionalInt.empty();

    private ControlPlane(ControlPlaneConfig config) {
        this.config = config;
        this.metrics = config.operations()
                .metricsListen()
                .map(_ -> started(new ControlPlaneMetrics(ControlPlaneOptions.version(), Clock.systemUTC())));
    }

    /**
     * Opens the store, fills the replica, then begins to listen.
     *
     * @throws IOException if an address cannot be listened on
     * @throws StoreException if the store cannot be opened or reached
     */
    public static ControlPlane start(ControlPlaneConfig config) throws IOException {
        ControlPlane controlPlane = new ControlPlane(config);
        try {
            controlPlane.start();
            return controlPlane;
        } catch (IOException | RuntimeException e) {
            controlPlane.close();
            throw e;
        }
    }

    private void start() throws IOException {
        // First, so that it tells also of a start that takes its time, and of the end.
        if (config.operations().metricsListen().isPresent()) {
            OperationsEdge edge = started(OperationsEdge.listen(
                    config.operations().metricsListen().get(),
                    health::readiness,
                    () -> metrics.map(ControlPlaneMetrics::scrape).orElse("")));
            metricsPort = OptionalInt.of(edge.port());
        }
        started(health);
        Store opened = started(Stores.open(config.store()));
        // Fails with a clear error if the store is not there.
        if (opened.get(Keys.RESTORING).isPresent()) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    "the store is being restored from a backup, or a restore was cut short; wait, or repeat it:"
                            + " weft-control-plane restore --force FILE",
                    null);
        }
        ReplicatedClusterState state = started(new ReplicatedClusterState(opened));
        state.start();
        awaitFilled(state);

        Clock clock = Clock.systemUTC();
        ReplicaGroup group = started(group());
        Freshness freshness = started(Freshness.start(opened, state, clock));
        InMemoryStatusBoard status = new InMemoryStatusBoard(state, group, clock);
        if (config.cluster().isPresent()) {
            started(ObservationSharing.start(
                    status, group, () -> freshness.staleSince().isEmpty()));
        }
        Optional<ProgrammingTimes> times = metrics.map(own -> new ProgrammingTimes(status, own));
        Store store =
                times.<Store>map(own -> new ObservedStore(opened, commits(own))).orElse(opened);
        Services services = new Services(
                store,
                state,
                status,
                Pools.defaults(config.clusterName()),
                clock,
                Services.DEFAULT_REST_PERIOD,
                LeakPolicy.DEFAULT.withGrace(config.leakGrace()));
        Optional<EventPublisher> publisher =
                config.kafka().map(kafka -> new EventPublisher(store, new KafkaEventLog(kafka, clock), clock));
        TrustParts trust = TrustParts.start(config, store, clock, this::started);
        List<LeaderTask> leaderTasks =
                new ArrayList<>(List.of(new HousekeepingTask(services.housekeeping(), trust.operations())));
        publisher.ifPresent(leaderTasks::add);
        compaction(store, publisher).ifPresent(leaderTasks::add);
        Leadership leadership =
                started(Leadership.start(store, group.self().name(), Leadership.DEFAULT_TIME_TO_LIVE, leaderTasks));
        started(FallbackSchedule.start(services.fallbacks()));

        // Closed after the parts that end its long streams: it then has only short calls to wait for.
        GrpcServers servers = started(new GrpcServers(
                freshness::staleSince,
                metrics.<CallObserver>map(own -> own::called).orElse(CallObserver.NONE),
                trust.revocations(),
                clock,
                services.sandboxes(),
                services.networks(),
                trust.auditLog()));
        NodeDistribution distribution = started(
                new NodeDistribution(times.<SessionObserver>map(own -> own).orElse(status)));
        GrpcReplicaChannels channels = started(
                new GrpcReplicaChannels(group.self().name(), GrpcServers.MAX_MESSAGE_BYTES, trust.replicaTls()));
        NodeRoutes routes = node -> ForwardedCalls.isForwarded()
                ? Optional.empty()
                : status.holder(node).map(channels::to);
        PatientOpener opener = new PatientOpener(distribution, distribution, status, clock);
        DialBackExecRelay execs = started(new DialBackExecRelay(opener, routes));
        DialBackAudits audits = started(new DialBackAudits(opener, routes));
        ChangeGrpcService changes = started(new ChangeGrpcService(
                store,
                state,
                () -> publisher
                        .map(own -> new PublisherReport(true, leadership.leader(), own.status()))
                        .orElseGet(PublisherReport::disabled)));
        started(state.subscribe(status));
        started(state.subscribe(distribution));

        servers.serve(List.of(
                new NetworkGrpcService(services.networks()),
                new SandboxGrpcService(services.sandboxes()),
                new EndpointGrpcService(services.endpoints()),
                new PortGrpcService(services.ports()),
                new PortAuditGrpcService(services.ports(), audits),
                new NodeGrpcService(services.nodes()),
                new IpamGrpcService(
                        services.ipam(), () -> leader(leadership, group).map(channels::to)),
                started(new BackupGrpcService(store, config.store().kind(), clock)),
                new ExecGrpcService(services.sandboxes(), execs),
                changes,
                new TrustGrpcService(trust.operations()),
                new NodeSyncService(services.nodeRegistration(), distribution, execs, audits)));
        if (config.listen().isPresent()) {
            HostPort tcp = config.listen().get();
            port = servers.listen(new InetSocketAddress(tcp.host(), tcp.port()), trust.protection());
        }
        servers.listen(config.socket());
        if (config.httpListen().isPresent()) {
            HostPort http = config.httpListen().get();
            started(HttpEdge.listen(
                    store,
                    freshness::staleSince,
                    new InetSocketAddress(http.host(), http.port()),
                    trust.protection(),
                    trust.revocations(),
                    clock));
        }
        started(NodeHandOver.start(freshness, group, distribution));
        if (config.cluster().isPresent()) {
            started(NodeBalance.start(freshness, group, state, status, distribution));
        }
        times.ifPresent(own -> metrics.ifPresent(meters -> meters.show(new ControlPlaneMetrics.Sources(
                health::readiness,
                services.census()::figures,
                own::lag,
                own::behind,
                () -> leadership.tenure().isPresent(),
                () -> publisher.map(EventPublisher::status),
                () -> (long) state.problems().size()))));
        health.start(new StoreCheck(opened, state), readiness -> servers.ready(readiness.isReady()));
        // The first thing at the end: nodes whose streams end then, and clients, go to another replica.
        started(servers::stopAccepting);
    }

    private CommitObserver commits(ProgrammingTimes times) {
        return (outcome, revision, begin, took) -> {
            times.ended(outcome, revision, begin, took);
            metrics.ifPresent(own -> own.ended(outcome, revision, begin, took));
        };
    }

    /** The embedded store compacts itself. */
    private Optional<LeaderTask> compaction(Store store, Optional<EventPublisher> publisher) {
        if (!(config.store() instanceof StoreConfig.Etcd(EtcdStoreConfig etcd)) || etcd.keepRevisions() == 0) {
            return Optional.empty();
        }
        return Optional.of(new HistoryCompaction(
                store,
                CompactionPolicy.keeping(etcd.keepRevisions()),
                () -> publisher
                        .map(own -> OptionalLong.of(own.status().publishedRevision()))
                        .orElseGet(OptionalLong::empty),
                HistoryCompaction.INTERVAL));
    }

    /** The replica that leads, if it is another one. */
    private static Optional<Replica> leader(Leadership leadership, ReplicaGroup group) {
        return ForwardedCalls.isForwarded() || leadership.tenure().isPresent()
                ? Optional.empty()
                : leadership
                        .leader()
                        .filter(leader -> !leader.holder().equals(group.self().name()))
                        .flatMap(leader -> group.member(leader.holder()));
    }

    /** Which the others are, if there can be others. */
    private ReplicaGroup group() throws IOException {
        String address = config.listen().map(HostPort::toString).orElse("");
        if (config.cluster().isEmpty()) {
            return new LoneReplica(new Replica(ReplicaName.ofThisProcess(), address));
        }
        HazelcastGroupConfig cluster = config.cluster().get();
        // Who listens everywhere is reached where the other replicas reach it.
        String reached = config.listen()
                .filter(HostPort::isWildcard)
                .map(listen -> new HostPort(cluster.host(), listen.port()).toString())
                .orElse(address);
        return HazelcastGroup.open(cluster, new Replica(ReplicaName.ofThisStart(), reached));
    }

    private <T extends AutoCloseable> T started(T part) {
        parts.addFirst(part);
        return part;
    }

    private static void awaitFilled(ReplicatedClusterState state) {
        try {
            if (!state.awaitFilled(FILL_PATIENCE)) {
                throw new StoreException(
                        StoreException.Kind.UNAVAILABLE,
                        "the store did not tell its content within " + FILL_PATIENCE.toSeconds() + " s",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted while reading the store", e);
        }
    }

    /** The TCP port, which the kernel chose if the configuration has port 0; 0 if nothing listens. */
    public int port() {
        return port;
    }

    /** The TCP port of health and metrics, if they are served. */
    public OptionalInt metricsPort() {
        return metricsPort;
    }

    public Path socket() {
        return config.socket();
    }

    /**
     * Says that it is not ready any more, stops taking calls, lets the running ones finish, then closes everything else.
     * Can be called twice.
     */
    @Override
    public void close() {
        health.stopping();
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.removeFirst();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("Closing {} failed", part.getClass().getSimpleName(), e);
            }
        }
    }
}
