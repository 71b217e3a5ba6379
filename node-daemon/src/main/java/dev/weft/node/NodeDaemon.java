package dev.weft.node;

import dev.weft.config.HostPort;
import dev.weft.net.IpAddress;
import dev.weft.node.api.NodeApiServer;
import dev.weft.node.audit.AuditRunner;
import dev.weft.node.config.ControlPlaneAddress;
import dev.weft.node.config.NodeConfig;
import dev.weft.node.config.NodeOptions;
import dev.weft.node.config.Security;
import dev.weft.node.dataplane.linux.LinuxKernel;
import dev.weft.node.dataplane.nftables.ForeignChains;
import dev.weft.node.dataplane.nftables.Nftables;
import dev.weft.node.dataplane.nftables.NftablesException;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dial.ControlPlaneChannel;
import dev.weft.node.dial.ControlPlaneTarget;
import dev.weft.node.dns.DnsServers;
import dev.weft.node.dns.QueryObserver;
import dev.weft.node.exec.ExecRunner;
import dev.weft.node.health.NodeHealth;
import dev.weft.node.http.OperationsServer;
import dev.weft.node.metrics.NodeMetrics;
import dev.weft.node.model.NodeProfile;
import dev.weft.node.model.RowKey;
import dev.weft.node.model.RowKind;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.probe.KernelFeature;
import dev.weft.node.probe.KernelProbe;
import dev.weft.node.reconcile.DesiredUpdate;
import dev.weft.node.reconcile.PassObserver;
import dev.weft.node.reconcile.PassReport;
import dev.weft.node.reconcile.Reconciler;
import dev.weft.node.report.HostLimits;
import dev.weft.node.report.NodeFactsCollector;
import dev.weft.node.report.SourceAddresses;
import dev.weft.node.report.StatusReporter;
import dev.weft.node.sandbox.SandboxDirectories;
import dev.weft.node.sandbox.SandboxFilesWriter;
import dev.weft.node.sandbox.SandboxNamespaces;
import dev.weft.node.sandbox.SandboxProcesses;
import dev.weft.node.sync.Checkpoint;
import dev.weft.node.sync.CheckpointWriter;
import dev.weft.node.sync.ControlPlaneClient;
import dev.weft.node.sync.DesiredStateCache;
import dev.weft.node.trust.Joining;
import dev.weft.node.trust.NodeCertificate;
import dev.weft.node.trust.Renewal;
import dev.weft.node.v1.AuditPorts;
import dev.weft.node.v1.Hello;
import dev.weft.node.v1.HostWarnings;
import dev.weft.node.v1.Report;
import dev.weft.trust.JoinToken;
import dev.weft.trust.TrustManagers;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node daemon, put together. What flows where:
 *
 * <pre>
 *   control plane ── ControlPlaneClient ── DesiredStateCache ── Reconciler ── LinuxKernel
 *        ▲                                  (checkpoint on disk)     │
 *        └──────────── StatusReporter ◄──────────────────────────────┘
 *   whoever is on the node ── NodeApiServer ──► control plane
 * </pre>
 */
public final class NodeDaemon implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeDaemon.class);
    private static final Duration SCAN_INTERVAL = Duration.ofSeconds(30);
    private static final Duration TERMINATION_GRACE = Duration.ofSeconds(10);

    private final NodeConfig config;
    private final EventLoopGroup loops;
    private final Optional<NodeCertificate> certificate;
    private final ManagedChannel channel;
    private final Optional<Renewal> renewal;
    private final Rtnetlink rtnetlink;
    private final Nftables nftables;
    private final DnsServers names;
    private final LinuxKernel kernel;
    private final Reconciler reconciler;
    private final CheckpointWriter checkpointWriter;
    private final StatusReporter reporter;
    private final ControlPlaneClient client;
    private final AuditRunner audits;
    private final NodeApiServer api;
    private final NodeHealth health;
    private final Optional<NodeMetrics> metrics;
    private final Optional<OperationsServer> operations;
    private final Optional<IpAddress> vtep;

    /**
     * Starts everything; returns without waiting for the control plane.
     *
     * @throws IOException if a directory cannot be made or a socket not be bound
     */
    public static NodeDaemon start(NodeConfig config) throws IOException {
        return new NodeDaemon(config);
    }

    private NodeDaemon(NodeConfig config) throws IOException {
        this.config = config;
        createDirectory(config.runDirectory(), "rwxr-xr-x");
        // Sandboxes' files below it are for their processes, which may run as any user.
        createDirectory(config.stateDirectory(), "rwx--x--x");
        Path privateState = config.stateDirectory().resolve("private");
        createDirectory(privateState, "rwx------");

        // Before sandboxes' namespaces are opened: libnftables waits with select(2), which ends the process for a
        // descriptor
        // above 1023.
        rtnetlink = Rtnetlink.open();
        nftables = Nftables.open();
        List<KernelFeature> features = KernelProbe.run();

        vtep = switch (config.overlays()) {
            case JOINED -> config.underlay().or(() -> addressTowards(config));
            case LEFT_OUT -> Optional.empty();
        };
        DesiredStateCache cache = new DesiredStateCache();
        Checkpoint checkpoint = new Checkpoint(privateState);
        checkpointWriter = new CheckpointWriter(checkpoint, cache);

        SandboxDirectories directories = new SandboxDirectories(config.runDirectory(), config.stateDirectory());
        SandboxProcesses processes = new SandboxProcesses(directories);
        health = new NodeHealth(cache::isInSync, config.controlPlane().toString());
        metrics = config.operations().metricsListen().map(_ -> new NodeMetrics(NodeOptions.version()));
        names = new DnsServers(
                config.resolvConf(),
                InstantSource.system(),
                metrics.map(NodeDaemon::queries).orElse(QueryObserver.NONE));
        kernel = LinuxKernel.open(
                new SandboxNamespaces(directories, processes, TERMINATION_GRACE, InstantSource.system()),
                new SandboxFilesWriter(directories, config.resolvConf()),
                names);

        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ControlPlaneTarget target = ControlPlaneTarget.of(config.controlPlane(), config.name());
        certificate = switch (config.security()) {
            case Security.None() -> Optional.empty();
            case Security.Certificates(Optional<JoinToken> token) ->
                Optional.of(Joining.certificate(privateState, config.name(), target, token, loops));
        };
        channel = certificate
                .map(own -> ControlPlaneChannel.secure(
                        target, loops, TrustManagers.ofServers(own.authorities()), Optional.of(own)))
                .orElseGet(() -> ControlPlaneChannel.plain(target, loops))
                .build();
        renewal = certificate.map(own -> new Renewal(own, channel, InstantSource.system()));

        NodeFactsCollector facts =
                new NodeFactsCollector(rtnetlink, vtep, config.underlayMtu(), features, NodeOptions.version());
        ExecRunner execs = new ExecRunner(channel, id -> sandbox(cache, id), directories, processes);
        audits = AuditRunner.open(channel, () -> cache.state().rows().values());
        Events events = new Events(execs);
        client = new ControlPlaneClient(
                channel,
                target.toString(),
                cache,
                () -> Hello.newBuilder()
                        .setNode(config.name())
                        .setFacts(facts.collect().toBuilder()
                                .setAllowHostFallback(config.hostFallback() == NodeConfig.HostFallback.ALLOWED))
                        .setCachedRevision(cache.revision())
                        .build(),
                events,
                () -> moveOn(target));
        reporter = new StatusReporter(client::send, report -> completed(report, cache, nftables));
        reconciler = new Reconciler(
                kernel, profile(vtep, features), InstantSource.system(), SCAN_INTERVAL, this::passed, new Passes());

        operations = operations(cache);
        checkpoint.load().ifPresent(saved -> {
            LOG.info(
                    "starting from the checkpoint of revision {} with {} rows",
                    saved.revision(),
                    saved.rows().size());
            desired(cache.restore(saved.revision(), saved.rows()));
        });
        reconciler.start();
        reporter.start();
        client.start();
        renewal.ifPresent(Renewal::start);
        api = NodeApiServer.start(socket(config), channel, config.name(), target.toString());
    }

    private void moveOn(ControlPlaneTarget target) {
        if (target.rotate()) {
            channel.enterIdle();
        }
    }

    private Optional<OperationsServer> operations(DesiredStateCache cache) throws IOException {
        if (config.operations().metricsListen().isEmpty()) {
            return Optional.empty();
        }
        metrics.ifPresent(own -> own.show(new NodeMetrics.Sources(
                health::readiness,
                cache::isInSync,
                cache::revision,
                health::appliedRevision,
                health::rows,
                HostLimits::trackedConnections)));
        return Optional.of(OperationsServer.listen(
                config.operations().metricsListen().get(),
                health::readiness,
                () -> metrics.map(NodeMetrics::scrape).orElse("")));
    }

    private static QueryObserver queries(NodeMetrics metrics) {
        return (source, code) -> metrics.answered(source.name().toLowerCase(Locale.ROOT), code);
    }

    private void passed(PassReport report) {
        reporter.passed(report);
        health.passed(report);
        metrics.ifPresent(own -> own.reported(report));
    }

    private final class Passes implements PassObserver {

        @Override
        public void passed(Duration took, int operations) {
            metrics.ifPresent(own -> own.passed(took, operations));
        }

        @Override
        public void failed() {
            health.passFailed();
            metrics.ifPresent(NodeMetrics::failed);
        }
    }

    private static NodeProfile profile(Optional<IpAddress> vtep, List<KernelFeature> features) {
        return new NodeProfile(
                vtep,
                KernelProbe.canLimitIncoming(features)
                        ? NodeProfile.EgressLimits.ON_HOST
                        : NodeProfile.EgressLimits.IN_SANDBOX);
    }

    /** With digests, so that the control plane finds out when what it has told is not what is held here. */
    private Report.Builder completed(Report.Builder report, DesiredStateCache cache, Nftables nftables) {
        report.setWarnings(HostWarnings.newBuilder()
                .addAllTexts(foreignRules(nftables))
                .addAllTexts(SourceAddresses.warnings(cache.networks(), this::hostAddresses)));
        HostLimits.trackedConnections().ifPresent(report::setTrackedConnections);
        cache.digests()
                .ifPresent(digests ->
                        report.putAllNetworkDigests(digests.byNetwork()).setDigestsRevision(digests.revision()));
        return report;
    }

    private Set<IpAddress> hostAddresses() {
        return rtnetlink.addresses().stream()
                .map(address -> address.address().address())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static List<String> foreignRules(Nftables nftables) {
        try {
            return ForeignChains.warnings(nftables);
        } catch (NftablesException e) {
            return List.of("whether others' rules stand in the way is not known: " + e.getMessage());
        }
    }

    private void desired(DesiredUpdate update) {
        switch (update) {
            case DesiredUpdate.Whole(var state, var _) -> names.replace(state.rows());
            case DesiredUpdate.Changes changes -> names.update(changes.updated(), changes.keys());
        }
        reconciler.accept(update);
    }

    /** What comes from the control plane, passed on to whom it concerns. */
    private final class Events implements ControlPlaneClient.Events {

        private final ExecRunner execs;

        Events(ExecRunner execs) {
            this.execs = execs;
        }

        @Override
        public void desired(DesiredUpdate update) {
            NodeDaemon.this.desired(update);
            checkpointWriter.changed();
        }

        @Override
        public void connected(long epoch) {
            reporter.connected();
            metrics.ifPresent(NodeMetrics::connected);
        }

        @Override
        public void openExec(String execId) {
            execs.open(execId);
        }

        @Override
        public void auditPorts(AuditPorts request) {
            audits.start(request);
        }
    }

    private static Optional<SandboxRow> sandbox(DesiredStateCache cache, String id) {
        return cache.row(new RowKey(RowKind.SANDBOX, id))
                .flatMap(row -> row instanceof SandboxRow sandbox ? Optional.of(sandbox) : Optional.empty());
    }

    /** The address that this host would use to speak to the control plane; none if that is the host itself. */
    private static Optional<IpAddress> addressTowards(NodeConfig config) {
        List<HostPort> replicas = switch (config.controlPlane()) {
            case ControlPlaneAddress.Replicas(List<HostPort> addresses) -> addresses;
            case ControlPlaneAddress.UnixSocket _ -> List.of();
        };
        for (HostPort replica : replicas) {
            // Connecting a datagram socket sends nothing, it only looks up the route.
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(replica.socketAddress());
                IpAddress address = IpAddress.of(socket.getLocalAddress());
                if (!address.isLoopback() && !address.isUnspecified()) {
                    return Optional.of(address);
                }
            } catch (SocketException | java.io.UncheckedIOException | IllegalArgumentException e) {
                LOG.warn("there is no route to the control plane at {}", replica, e);
            }
        }
        LOG.warn("no tunnel address: the control plane is on this host, or there is no route to it, which says nothing"
                + " about the way to other nodes; give --underlay to take part in overlay networks");
        return Optional.empty();
    }

    private static void createDirectory(Path directory, String permissions) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        }
    }

    private static Path socket(NodeConfig config) {
        return config.runDirectory().resolve("node.sock");
    }

    public Path socket() {
        return socket(config);
    }

    public Optional<IpAddress> vtep() {
        return vtep;
    }

    /** Ends the daemon; what it has built in the kernel stays and goes on working. */
    @Override
    public void close() {
        health.stopping();
        api.close();
        renewal.ifPresent(Renewal::close);
        client.close();
        reconciler.close();
        reporter.close();
        checkpointWriter.close();
        audits.close();
        kernel.close();
        names.close();
        rtnetlink.close();
        nftables.close();
        channel.shutdownNow();
        operations.ifPresent(OperationsServer::close);
        metrics.ifPresent(NodeMetrics::close);
        var unusedTermination = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
