package dev.weft.controlplane;

import dev.weft.controlplane.api.grpc.BackupGrpcService;
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
import dev.weft.controlplane.audit.DialBackAudits;
import dev.weft.controlplane.config.ControlPlaneConfig;
import dev.weft.controlplane.config.HostPort;
import dev.weft.controlplane.distribution.NodeDistribution;
import dev.weft.controlplane.distribution.NodeSyncService;
import dev.weft.controlplane.events.kafka.KafkaEventLog;
import dev.weft.controlplane.events.publish.EventPublisher;
import dev.weft.controlplane.events.publish.PublisherReport;
import dev.weft.controlplane.exec.DialBackExecRelay;
import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.ipam.Pools;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.leadership.LeaderTask;
import dev.weft.controlplane.leadership.Leadership;
import dev.weft.controlplane.service.Services;
import dev.weft.controlplane.state.ReplicatedClusterState;
import dev.weft.controlplane.status.InMemoryStatusBoard;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.config.Stores;
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
    private int port;

    private ControlPlane(ControlPlaneConfig config) {
        this.config = config;
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
        Store store = started(Stores.open(config.store()));
        // Fails with a clear error if the store is not there.
        if (store.get(Keys.RESTORING).isPresent()) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    "the store is being restored from a backup, or a restore was cut short; wait, or repeat it:"
                            + " weft-control-plane restore --force FILE",
                    null);
        }
        ReplicatedClusterState state = started(new ReplicatedClusterState(store));
        state.start();
        awaitFilled(state);

        Clock clock = Clock.systemUTC();
        InMemoryStatusBoard status = new InMemoryStatusBoard(state, clock);
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
        Leadership leadership = started(
                Leadership.start(store, ReplicaName.ofThisProcess(), Leadership.DEFAULT_TIME_TO_LIVE, leaderTasks));
        started(FallbackSchedule.start(services.fallbacks()));

        // Closed after the parts that end its long streams: it then has only short calls to wait for.
        GrpcServers servers = started(new GrpcServers(
                trust.revocations(), clock, services.sandboxes(), services.networks(), trust.auditLog()));
        NodeDistribution distribution = started(new NodeDistribution(status));
        DialBackExecRelay execs = started(new DialBackExecRelay(distribution));
        DialBackAudits audits = started(new DialBackAudits(distribution));
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
                new IpamGrpcService(services.ipam()),
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
                    new InetSocketAddress(http.host(), http.port()),
                    trust.protection(),
                    trust.revocations(),
                    clock));
        }
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

    public Path socket() {
        return config.socket();
    }

    /** Stops taking calls, lets the running ones finish, then closes everything else. Can be called twice. */
    @Override
    public void close() {
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
