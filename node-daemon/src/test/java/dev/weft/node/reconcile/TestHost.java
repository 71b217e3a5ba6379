package dev.weft.node.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.IpAddress;
import dev.weft.node.dataplane.linux.LinuxKernel;
import dev.weft.node.dns.DnsServers;
import dev.weft.node.model.DesiredState;
import dev.weft.node.model.NodeProfile;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.netns.NamespaceFiles;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.reconcile.DesiredUpdate.Source;
import dev.weft.node.sandbox.SandboxDirectories;
import dev.weft.node.sandbox.SandboxFilesWriter;
import dev.weft.node.sandbox.SandboxNamespaces;
import dev.weft.node.sandbox.SandboxProcesses;
import dev.weft.node.testing.Rows;
import dev.weft.node.testing.TestNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A host with a reconciler on the real kernel: what a daemon is, less its connection to the control plane. */
public final class TestHost implements AutoCloseable {

    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    /** Never within a test: what is repaired is repaired because the kernel told of it. */
    private static final Duration SCAN_INTERVAL = Duration.ofHours(1);

    final TestNamespace namespace;
    final SandboxDirectories directories;
    private final NodeProfile node;
    private final Map<RowKey, RowState> states = new HashMap<>();
    private final List<PassReport> reports = new ArrayList<>();
    private Map<RowKey, Row> rows = Map.of();
    private Optional<Running> running = Optional.empty();
    private long revision;
    private Duration scanInterval = SCAN_INTERVAL;

    private record Running(LinuxKernel kernel, Reconciler reconciler, DnsServers names) {}

    public TestHost(TestNamespace namespace, Path directory, String vtep) {
        this(namespace, directory, new NodeProfile(Optional.of(IpAddress.parse(vtep))));
    }

    TestHost(TestNamespace namespace, Path directory, NodeProfile node) {
        this.namespace = namespace;
        this.directories = new SandboxDirectories(directory.resolve("run"), directory.resolve("state"));
        this.node = node;
    }

    /** How often everything is looked at without a reason; from the next start on. */
    void scanEvery(Duration interval) {
        scanInterval = interval;
    }

    /** Waits until a row has failed, and says why. */
    String awaitFailure(Row row) {
        await(
                row.key() + " to fail",
                () -> state(row)
                        .filter(state -> state.stage() == RowState.Stage.FAILED)
                        .isPresent());
        return state(row).orElseThrow().message();
    }

    /** Starts with what was wanted last. */
    public TestHost start() {
        synchronized (this) {
            reportsAtStart = reports.size();
        }
        DnsServers names = new DnsServers(RESOLV_CONF, InstantSource.system());
        LinuxKernel kernel = NamespaceThreads.call(namespace.namespace(), () -> {
            SandboxProcesses processes = new SandboxProcesses(directories);
            return LinuxKernel.open(
                    new SandboxNamespaces(directories, processes, Duration.ofSeconds(2), InstantSource.system()),
                    new SandboxFilesWriter(directories, RESOLV_CONF),
                    names);
        });
        Reconciler reconciler = new Reconciler(kernel, node, InstantSource.system(), scanInterval, this::passed);
        running = Optional.of(new Running(kernel, reconciler, names));
        synchronized (this) {
            states.clear();
        }
        reconciler.start();
        reconciler.accept(new DesiredUpdate.Whole(new DesiredState(revision, rows), Source.CONTROL_PLANE));
        return this;
    }

    /** Starts with rows that an earlier run, of another process, may have made. */
    TestHost startWith(Collection<? extends Row> wanted) {
        Map<RowKey, Row> next = new HashMap<>();
        wanted.forEach(row -> next.put(row.key(), row));
        rows = next;
        return start();
    }

    /** How many operations were run in all passes whose reports were not taken. */
    synchronized int operations() {
        return reports.stream().mapToInt(PassReport::operations).sum();
    }

    /** Ends as with kill -9, as far as the kernel can tell: nothing is taken back. */
    public void stop() {
        running.ifPresent(it -> {
            it.reconciler().close();
            it.kernel().close();
            it.names().close();
        });
        running = Optional.empty();
    }

    private final List<Long> passMicros = new ArrayList<>();
    private volatile long offeredAt;

    /** How long the last so many offers took until their report. */
    synchronized List<Long> passMicros(int last) {
        return List.copyOf(passMicros.subList(Math.max(0, passMicros.size() - last), passMicros.size()));
    }

    void awaitAllReady() {
        await("all rows to be ready", () -> {
            synchronized (this) {
                return rows.keySet().stream()
                        .allMatch(key ->
                                states.containsKey(key) && states.get(key).stage() == RowState.Stage.READY);
            }
        });
    }

    private synchronized void passed(PassReport report) {
        if (offeredAt != 0) {
            passMicros.add((System.nanoTime() - offeredAt) / 1000);
            offeredAt = 0;
        }
        reports.add(report);
        states.putAll(report.changed());
    }

    /** Wants these rows, and waits until all of them are ready and the others gone. */
    public void want(Row... wanted) {
        want(List.of(wanted));
    }

    public void want(Collection<? extends Row> wanted) {
        offer(wanted);
        awaitReady();
    }

    /** Wants these rows and does not wait. */
    public void offer(Collection<? extends Row> wanted) {
        Map<RowKey, Row> next = new HashMap<>();
        wanted.forEach(row -> next.put(row.key(), row));
        Set<RowKey> changed = new HashSet<>(rows.keySet());
        changed.addAll(next.keySet());
        changed.removeIf(key -> Optional.ofNullable(rows.get(key)).equals(Optional.ofNullable(next.get(key))));
        synchronized (this) {
            changed.forEach(states::remove);
        }
        rows = next;
        revision++;
        offeredAt = System.nanoTime();
        running.orElseThrow().reconciler().accept(Rows.changes(revision, rows, changed));
        pending = changed;
    }

    private Set<RowKey> pending = Set.of();

    void awaitReady() {
        await("rows to be ready", () -> {
            synchronized (this) {
                return pending.stream().allMatch(key -> {
                    RowState state = states.get(key);
                    return state != null
                            && state.stage() == (rows.containsKey(key) ? RowState.Stage.READY : RowState.Stage.REMOVED);
                });
            }
        });
    }

    /** Runs a command that must fail. */
    static void cannot(TestNamespace namespace, String command) {
        assertThatThrownBy(() -> namespace.run(command)).isInstanceOf(AssertionError.class);
    }

    /** What a command prints, or why it fails. */
    static String output(TestNamespace namespace, String command) {
        try {
            return namespace.run(command);
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Waits until the reconciler has reported a pass since it was started. */
    void awaitPass() {
        await("a pass", () -> {
            synchronized (this) {
                return reports.size() > reportsAtStart;
            }
        });
    }

    private int reportsAtStart;

    synchronized Optional<RowState> state(Row row) {
        return Optional.ofNullable(states.get(row.key()));
    }

    synchronized List<PassReport> takeReports() {
        List<PassReport> taken = List.copyOf(reports);
        reports.clear();
        return taken;
    }

    synchronized long driftRepaired() {
        return reports.isEmpty()
                ? 0
                : reports.getLast().driftRepaired().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }

    /** A sandbox's namespace, for commands. */
    public TestNamespace sandbox(String id) {
        Path path = new NamespaceFiles(directories.namespaces()).path(Rows.id(id));
        return new TestNamespace(path, NetworkNamespace.open(path));
    }

    public void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plusSeconds(30);
        while (!condition.getAsBoolean()) {
            synchronized (this) {
                assertThat(Instant.now())
                        .as("waiting for %s; states: %s", what, states)
                        .isBefore(deadline);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** Takes everything back and stops. */
    @Override
    public void close() {
        if (running.isEmpty()) {
            start();
        }
        want();
        stop();
        new NamespaceFiles(directories.namespaces()).release();
        new NamespaceFiles(directories.pinned()).release();
    }
}
