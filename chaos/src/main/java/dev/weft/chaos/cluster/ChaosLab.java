package dev.weft.chaos.cluster;

import dev.weft.chaos.plan.Machine;
import dev.weft.chaos.plan.Shape;
import dev.weft.chaos.plan.Target;
import dev.weft.lab.Lab;
import dev.weft.lab.LabHost;
import dev.weft.lab.LabProcess;
import dev.weft.lab.LabSpec;
import dev.weft.lab.Namespaces;
import dev.weft.lab.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A lab, spoken of as plans do. */
public final class ChaosLab implements AutoCloseable {

    /** Of the disk that can be filled: enough for the embedded store of a run. */
    private static final String DISK = "48m";

    /** Namespaces on each host that are not Weft's: one for each client. */
    private static final int FOREIGN = 3;

    private final Lab lab;
    private final Shape shape;
    private final Path scratch;
    private final Optional<Clocks> clocks;

    private ChaosLab(Lab lab, Shape shape, Path scratch, Optional<Clocks> clocks) {
        this.lab = lab;
        this.shape = shape;
        this.scratch = scratch;
        this.clocks = clocks;
    }

    /** Builds it and starts everything. */
    public static ChaosLab up(String name, Shape shape) {
        LabSpec spec = LabSpec.named(name).withHosts(shape.hosts());
        Path scratch = scratch(name);
        Path home = spec.home();
        Optional<Clocks> clocks =
                Clocks.library().map(library -> Clocks.create(home, scratch.resolve("home"), library));
        if (clocks.isPresent()) {
            spec = LabSpec.named(name, clocks.get().home()).withHosts(shape.hosts());
        }
        if (shape.etcdMembers() > 0) {
            spec = spec.withReplicas(shape.controlPlanes()).withEtcd(shape.etcdMembers());
        }
        if (shape.broker()) {
            spec = spec.withKafka();
        }
        Path disk = spec.directory().resolve("cp").resolve("state");
        try {
            if (shape.smallDisk()) {
                Files.createDirectories(disk);
                Shell.run("mount", "-t", "tmpfs", "-o", "size=" + DISK + ",mode=0700", "weft-chaos", disk.toString())
                        .orThrow();
            }
            ChaosLab cluster = new ChaosLab(Lab.up(spec), shape, scratch, clocks);
            cluster.makeForeignNamespaces();
            return cluster;
        } catch (IOException e) {
            deleteTree(scratch);
            throw new UncheckedIOException("create " + disk, e);
        } catch (RuntimeException e) {
            // A failed Lab.up has removed the lab, and with it the mount.
            deleteTree(scratch);
            throw e;
        }
    }

    private static Path scratch(String name) {
        try {
            return Files.createTempDirectory("weft-chaos-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("create a directory for temporary files", e);
        }
    }

    public Lab lab() {
        return lab;
    }

    public Shape shape() {
        return shape;
    }

    /** By the host's name, namespaces that are nobody's business but the clients'. They go with the lab. */
    public Map<String, List<Path>> foreignNamespaces() {
        Map<String, List<Path>> all = new LinkedHashMap<>();
        lab.hosts()
                .forEach(host ->
                        all.put(host.name(), foreign(host).map(Namespaces::path).toList()));
        return all;
    }

    private static Stream<String> foreign(LabHost host) {
        return IntStream.rangeClosed(1, FOREIGN).mapToObj(number -> host.namespace() + "-x" + number);
    }

    private void makeForeignNamespaces() {
        lab.hosts().stream().flatMap(ChaosLab::foreign).forEach(name -> {
            Shell.run("ip", "netns", "add", name).orThrow();
            Shell.run("ip", "-n", name, "link", "set", "lo", "up").orThrow();
        });
    }

    public LabProcess process(Target target) {
        return switch (target.role()) {
            case DAEMON -> lab.daemon(lab.host(target.number()));
            case CONTROL_PLANE -> lab.controlPlanes().get(target.number() - 1);
            case ETCD -> lab.etcdMembers().get(target.number() - 1);
            case BROKER -> lab.process("kafka");
        };
    }

    public LabHost machine(Machine machine) {
        return switch (machine.kind()) {
            case HOST -> lab.host(machine.number());
            case CONTROL -> lab.controlPlaneHosts().get(machine.number() - 1);
            case ETCD -> lab.machine("etcd" + machine.number());
        };
    }

    /** Moves a daemon's wall clock; false where that is not possible, as libfaketime is not installed. */
    public boolean moveClock(int host, long seconds) {
        clocks.ifPresent(all -> all.move(lab.host(host).name(), seconds));
        return clocks.isPresent();
    }

    /** Fills the embedded store's disk to the last byte. */
    public void fillDisk() {
        // dd ends with an error when the disk is full, which is what is wanted.
        Shell.run("dd", "if=/dev/zero", "of=" + filler(), "bs=4k");
    }

    /** Makes room again. */
    public void emptyDisk() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException e) {
            throw new UncheckedIOException("delete " + filler(), e);
        }
    }

    private Path filler() {
        return lab.controlPlaneHost().stateDirectory().resolve("filler");
    }

    /** etcdctl on the first control plane's machine, with all members. */
    public Shell.Result etcdctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints", etcdEndpoints()));
        command.addAll(List.of(arguments));
        return lab.controlPlaneHost().exec(command.toArray(String[]::new));
    }

    /** With commas between. */
    public String etcdEndpoints() {
        if (shape.etcdMembers() == 1) {
            return "127.0.0.1:2379";
        }
        List<String> endpoints = new ArrayList<>();
        for (int member = 1; member <= shape.etcdMembers(); member++) {
            endpoints.add(lab.machine("etcd" + member).address() + ":2379");
        }
        return String.join(",", endpoints);
    }

    /** Undoes every fault: all processes run and are ready, all ways are open. */
    public void heal() {
        lab.heal();
        if (shape.smallDisk()) {
            emptyDisk();
        }
        for (int host = 1; host <= shape.hosts(); host++) {
            moveClock(host, 0);
        }
        List<LabProcess> processes = lab.processes().values().stream()
                // Who is needed by others comes first.
                .sorted(Comparator.comparingInt(ChaosLab::rank))
                .toList();
        processes.forEach(process -> process.signal("CONT"));
        processes.stream().filter(process -> !process.alive()).forEach(LabProcess::launchAgain);
        processes.forEach(LabProcess::awaitReady);
        lab.saveState();
    }

    private static int rank(LabProcess process) {
        return process.name().startsWith("etcd") ? 0 : process.name().startsWith("c") ? 1 : 2;
    }

    /** Copies the processes' logs into a directory. */
    public void keepLogs(Path into) {
        try (Stream<Path> files = Files.list(lab.spec().directory())) {
            Files.createDirectories(into);
            for (Path file :
                    files.filter(path -> path.toString().contains(".log")).toList()) {
                Files.copy(file, into.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("copy the logs of " + lab.spec().directory() + " to " + into, e);
        }
    }

    @Override
    public void close() {
        try {
            lab.close();
        } finally {
            deleteTree(scratch);
        }
    }

    private static void deleteTree(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("delete " + directory, e);
        }
    }
}
