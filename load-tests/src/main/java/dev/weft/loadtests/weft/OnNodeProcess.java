package dev.weft.loadtests.weft;

import dev.weft.loadtests.measure.Stopwatch;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.node.dataplane.linux.LinuxKernel;
import dev.weft.node.dns.DnsServers;
import dev.weft.node.model.DesiredState;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkDriver;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NodeProfile;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.model.SubnetSpec;
import dev.weft.node.reconcile.DesiredUpdate;
import dev.weft.node.reconcile.PassReport;
import dev.weft.node.reconcile.Reconciler;
import dev.weft.node.reconcile.RowState;
import dev.weft.node.reconcile.RowState.Stage;
import dev.weft.node.sandbox.SandboxDirectories;
import dev.weft.node.sandbox.SandboxFilesWriter;
import dev.weft.node.sandbox.SandboxNamespaces;
import dev.weft.node.sandbox.SandboxProcesses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The node daemon's reconciler on the real kernel, in a process of its own because all of its threads must be in the host's
 * namespace. For each line that it reads it attaches an endpoint to a sandbox that exists, writes the milliseconds it took,
 * and takes the endpoint away again.
 *
 * <p>Arguments: a directory of its own, and the path of the sandbox's namespace.
 */
final class OnNodeProcess implements AutoCloseable {

    static final String READY = "ready";

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Duration SCAN_INTERVAL = Duration.ofSeconds(30);
    private static final Cidr SUBNET = Cidr.parse("10.87.0.0/16");
    private static final IpAddress GATEWAY = SUBNET.first().plus(1);
    private static final String NETWORK = "a".repeat(64);
    private static final String SANDBOX = "b".repeat(64);

    private final BlockingQueue<PassReport> reports = new LinkedBlockingQueue<>();
    private final Reconciler reconciler;
    private final List<Row> standing;
    private long revision;

    private OnNodeProcess(Path directory, String sandboxPath) {
        SandboxDirectories directories = new SandboxDirectories(directory.resolve("run"), directory.resolve("state"));
        LinuxKernel kernel = LinuxKernel.open(
                new SandboxNamespaces(
                        directories, new SandboxProcesses(directories), Duration.ofSeconds(1), InstantSource.system()),
                new SandboxFilesWriter(directories, RESOLV_CONF),
                new DnsServers(RESOLV_CONF, InstantSource.system()));
        reconciler = new Reconciler(
                kernel, new NodeProfile(Optional.empty()), InstantSource.system(), SCAN_INTERVAL, reports::add);
        standing = List.of(
                new NetworkRow(
                        NETWORK,
                        1,
                        "bench",
                        NetworkDriver.BRIDGE,
                        List.of(new SubnetSpec(SUBNET, Optional.of(GATEWAY), Optional.empty())),
                        Mtu.ETHERNET,
                        Set.of(NetworkRow.Trait.INTER_CONTAINER_COMMUNICATION, NetworkRow.Trait.MASQUERADE),
                        Optional.of(new InterfaceName("br-bench")),
                        Optional.empty()),
                new SandboxRow(SANDBOX, 1, "bench", new SandboxPlace.External(sandboxPath), "bench"));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream answers = System.out;
        // What is logged must not come between the answers.
        System.setOut(System.err);
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (OnNodeProcess node = new OnNodeProcess(Path.of(arguments[0]), arguments[1])) {
            node.start();
            answers.println(READY);
            for (int round = 0; questions.readLine() != null; round++) {
                answers.println(node.attachAndDetach(round));
            }
        }
    }

    private void start() throws InterruptedException {
        reconciler.start();
        reconciler.accept(
                new DesiredUpdate.Whole(DesiredState.of(++revision, standing), DesiredUpdate.Source.CONTROL_PLANE));
        await(standing.getLast().key(), Stage.READY);
    }

    private double attachAndDetach(int round) throws InterruptedException {
        Row endpoint = endpoint(round);
        DesiredUpdate attached = new DesiredUpdate.Changes(++revision, Map.of(endpoint.key(), endpoint), Set.of());
        long start = System.nanoTime();
        reconciler.accept(attached);
        await(endpoint.key(), Stage.READY);
        double elapsed = Stopwatch.millisecondsBetween(start, System.nanoTime());
        reconciler.accept(new DesiredUpdate.Changes(++revision, Map.of(), Set.of(endpoint.key())));
        await(endpoint.key(), Stage.REMOVED);
        return elapsed;
    }

    private EndpointRow endpoint(int round) {
        IpAddress address = SUBNET.first().plus(2 + round);
        byte[] bytes = address.toBytes();
        return new EndpointRow(
                "%064x".formatted(round + 1),
                revision + 1,
                NETWORK,
                SANDBOX,
                Optional.of(new InterfaceName("eth0")),
                Optional.of(MacAddress.ofBytes(new byte[] {0x02, 0x42, bytes[0], bytes[1], bytes[2], bytes[3]})),
                List.of(new InterfaceAddress(address, SUBNET.prefixLength())),
                List.of(GATEWAY),
                List.of());
    }

    private void await(RowKey key, Stage wanted) throws InterruptedException {
        while (true) {
            PassReport report = reports.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (report == null) {
                throw new IllegalStateException(key + " did not become " + wanted + " in " + LIMIT.toSeconds() + " s");
            }
            RowState state = report.changed().get(key);
            if (state != null && state.stage() == Stage.FAILED) {
                throw new IllegalStateException(key + " failed: " + state.message());
            }
            if (state != null && state.stage() == wanted) {
                return;
            }
        }
    }

    @Override
    public void close() {
        reconciler.close();
    }
}
