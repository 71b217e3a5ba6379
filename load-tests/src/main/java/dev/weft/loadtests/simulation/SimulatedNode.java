package dev.weft.loadtests.simulation;

import dev.weft.api.v1.NodeFacts;
import dev.weft.net.IpAddress;
import dev.weft.node.dataplane.memory.FakeKernel;
import dev.weft.node.dial.ControlPlaneChannel;
import dev.weft.node.dial.ControlPlaneTarget;
import dev.weft.node.model.NodeProfile;
import dev.weft.node.reconcile.DesiredUpdate;
import dev.weft.node.reconcile.PassReport;
import dev.weft.node.reconcile.Reconciler;
import dev.weft.node.report.StatusReporter;
import dev.weft.node.sync.ControlPlaneClient;
import dev.weft.node.sync.DesiredStateCache;
import dev.weft.node.v1.AuditPorts;
import dev.weft.node.v1.Hello;
import dev.weft.node.v1.Report;
import dev.weft.trust.KeyAndChain;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A node daemon without a host: put together as {@link dev.weft.node.NodeDaemon} is, from the same parts. Lives as long as its
 * process.
 */
final class SimulatedNode {

    /** Ten times a daemon's: looking a kernel over is each host's own work, and here one machine does it for all. */
    private static final Duration SCAN_INTERVAL = Duration.ofMinutes(5);

    private static final int UNDERLAY_MTU = 1500;

    /** What all nodes of a process share. */
    record Surroundings(
            ControlPlaneTarget controlPlane,
            X509ExtendedTrustManager believed,
            EventLoopGroup loops,
            Arrivals arrivals) {}

    private final String name;
    private final IpAddress vtep;
    private final Surroundings surroundings;
    private final Supplier<KeyAndChain> certificate;
    private final DesiredStateCache cache = new DesiredStateCache();
    private final Reconciler reconciler;
    private final StatusReporter reporter;
    private volatile ManagedChannel channel;
    private volatile ControlPlaneClient client;

    private record Snapshot(int number, long revision) {}

    /** Written by one stream at a time. */
    private volatile Snapshot newest = new Snapshot(0, 0);

    private volatile int snapshotsApplied;
    private volatile long snapshotAppliedAt;
    private volatile long appliedRevision;

    SimulatedNode(String name, IpAddress vtep, KeyAndChain certificate, Surroundings surroundings) {
        this.name = name;
        this.vtep = vtep;
        this.surroundings = surroundings;
        this.certificate = () -> certificate;
        this.channel = dial();
        this.client = client(channel);
        this.reporter = new StatusReporter(report -> client.send(report), this::completed);
        this.reconciler = new Reconciler(
                new FakeKernel(FakeKernel.Journal.NONE),
                new NodeProfile(Optional.of(vtep)),
                InstantSource.system(),
                SCAN_INTERVAL,
                this::passed);
    }

    void start() {
        reconciler.start();
        reporter.start();
        client.start();
    }

    private ManagedChannel dial() {
        return ControlPlaneChannel.secure(
                        surroundings.controlPlane(),
                        surroundings.loops(),
                        surroundings.believed(),
                        Optional.of(certificate))
                .build();
    }

    private ControlPlaneClient client(ManagedChannel to) {
        return new ControlPlaneClient(
                to, surroundings.controlPlane().toString(), cache, this::hello, new Events(), () -> {});
    }

    private Hello hello() {
        return Hello.newBuilder()
                .setNode(name)
                .setFacts(NodeFacts.newBuilder()
                        .setHostname(name)
                        .setWeftVersion("simulated")
                        .setVtepAddress(vtep.toString())
                        .setUnderlayMtu(UNDERLAY_MTU))
                .setCachedRevision(cache.revision())
                .build();
    }

    private Report.Builder completed(Report.Builder report) {
        cache.digests()
                .ifPresent(digests ->
                        report.putAllNetworkDigests(digests.byNetwork()).setDigestsRevision(digests.revision()));
        return report;
    }

    private void passed(PassReport report) {
        long now = System.nanoTime();
        reporter.passed(report);
        surroundings.arrivals().passed(report, now);
        appliedRevision = report.revision();
        Snapshot snapshot = newest;
        if (snapshotsApplied < snapshot.number() && report.revision() >= snapshot.revision()) {
            snapshotAppliedAt = now;
            snapshotsApplied = snapshot.number();
        }
    }

    private final class Events implements ControlPlaneClient.Events {

        @Override
        public void desired(DesiredUpdate update) {
            if (update instanceof DesiredUpdate.Whole(var state, var _)) {
                newest = new Snapshot(newest.number() + 1, state.revision());
            }
            reconciler.accept(update);
        }

        @Override
        public void connected(long epoch) {
            reporter.connected();
        }

        @Override
        public void openExec(String execId) {
            throw new UnsupportedOperationException("simulated nodes run no commands");
        }

        @Override
        public void auditPorts(AuditPorts request) {
            throw new UnsupportedOperationException("simulated nodes have no ports");
        }
    }

    /** Drops the connection and dials anew, with what is known kept, as after a fault of the network. */
    void redial() {
        client.close();
        channel.shutdownNow();
        channel = dial();
        client = client(channel);
        client.start();
    }

    int snapshotsApplied() {
        return snapshotsApplied;
    }

    /** When the newest snapshot was in the kernel, as {@link System#nanoTime()}. */
    long snapshotAppliedAt() {
        return snapshotAppliedAt;
    }

    long appliedRevision() {
        return appliedRevision;
    }

    /** Rows that the node holds. */
    int rows() {
        return cache.size();
    }
}
