package dev.weft.loadtests.scale;

import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.DeleteSandboxResponse;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.Subnet;
import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ServerAddress;
import dev.weft.lab.Lab;
import dev.weft.lab.LabException;
import dev.weft.lab.LabProcess;
import dev.weft.lab.LabSpec;
import dev.weft.lab.LabTrust;
import dev.weft.lab.Namespaces;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.UnavailableException;
import dev.weft.loadtests.measure.Uninterrupted;
import dev.weft.loadtests.peer.etcd.EtcdLoad;
import dev.weft.loadtests.simulation.Fleet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lab of one control plane and one member of etcd. Its one host has a daemon as any other; simulated nodes dial from there,
 * with certificates as everywhere.
 */
final class ScaleCluster implements AutoCloseable {

    private static final int CONTROL_PLANE_PORT = 7400;
    private static final int ETCD_PORT = 2379;
    private static final Path NETWORK_COUNTERS = Path.of("/proc/thread-self/net/dev");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Lab lab;
    private final HostNamespace host;
    private final Connection connection;

    private ScaleCluster(Lab lab) {
        this.lab = lab;
        this.host = HostNamespace.open(Namespaces.path(lab.host(1).namespace()));
        this.connection = Connection.open(
                new ServerAddress.UnixSocket(lab.controlPlaneHost().controlPlaneSocket()));
    }

    /** @throws UnavailableException if the lab lacks a program that it needs */
    static ScaleCluster start() {
        String name = "s" + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX)
                + Integer.toString(NUMBER.incrementAndGet(), Character.MAX_RADIX);
        try {
            return new ScaleCluster(
                    Lab.up(LabSpec.named(name).withEtcd(1).withHosts(1), LabTrust.Security.CERTIFICATES));
        } catch (LabException e) {
            throw new UnavailableException("the lab did not start: " + e.getMessage());
        }
    }

    Fleet startFleet(int heapMebibytes) {
        return Fleet.start(
                host,
                lab.controlPlaneHost().address() + ":" + CONTROL_PLANE_PORT,
                lab.trust().authority().orElseThrow(),
                lab.spec().directory().resolve("fleet.log"),
                heapMebibytes);
    }

    void createOverlay(String name, String subnet) {
        Network unused = connection
                .networks()
                .createNetwork(CreateNetworkRequest.newBuilder()
                        .setName(name)
                        .setDriver("overlay")
                        .setAttachable(true)
                        .addSubnets(Subnet.newBuilder().setCidr(subnet))
                        .build());
    }

    /** Returns once the store has it. */
    Sandbox createSandbox(Layout.Place place) {
        return connection
                .sandboxes(Duration.ZERO)
                .createSandbox(CreateSandboxRequest.newBuilder()
                        .setName(place.sandbox())
                        .setNode(place.node())
                        .addEndpoints(EndpointSpec.newBuilder().setNetwork(place.network()))
                        .build());
    }

    void deleteSandbox(String id) {
        DeleteSandboxResponse unused = connection
                .sandboxes(Duration.ZERO)
                .deleteSandbox(DeleteSandboxRequest.newBuilder().setSandbox(id).build());
    }

    LabProcess controlPlane() {
        return lab.controlPlane();
    }

    EtcdLoad startEtcdLoad() {
        return EtcdLoad.start(host, lab.controlPlaneHost().address(), ETCD_PORT);
    }

    /** Bytes that the host's interface has sent and received so far, with all headers. */
    long wireBytes() {
        String counters = host.call(() -> Files.readString(NETWORK_COUNTERS));
        return counters.lines()
                .map(String::strip)
                .filter(line -> line.contains(":") && !line.startsWith("lo:"))
                .mapToLong(line -> {
                    String[] fields =
                            line.substring(line.indexOf(':') + 1).strip().split("\\s+");
                    return Long.parseLong(fields[0]) + Long.parseLong(fields[8]);
                })
                .sum();
    }

    /** Seconds of processor time that the control plane has used since it was started, by all threads. */
    double controlPlaneCpuSeconds() {
        return ProcessHandle.of(controlPlane().pid())
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElseThrow(() -> new LabException("the control plane is not there to be asked"))
                        .toMillis()
                / 1000.0;
    }

    @Override
    public void close() {
        connection.close();
        host.close();
        Uninterrupted.run(lab::close);
    }
}
