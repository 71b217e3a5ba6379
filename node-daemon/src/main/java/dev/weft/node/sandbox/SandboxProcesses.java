package dev.weft.node.sandbox;

import dev.weft.node.netns.NamespaceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The processes of sandboxes: those in its namespace, and those that the daemon itself started for it. */
public final class SandboxProcesses {

    private static final Path PROC = Path.of("/proc");

    private final SandboxDirectories directories;

    public SandboxProcesses(SandboxDirectories directories) {
        this.directories = directories;
    }

    /**
     * A process, told from a later one with the same number.
     *
     * @param startTime in clock ticks since boot: field 22 of proc_pid_stat(5)
     */
    public record SandboxProcess(long pid, long startTime) {

        /** The process with that number, if there is one. */
        public static Optional<SandboxProcess> of(long pid) {
            try {
                String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
                // The second field, the name, may contain anything, parentheses too.
                String[] fields =
                        stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
                boolean zombie = fields[0].equals("Z") || fields[0].equals("X");
                return zombie ? Optional.empty() : Optional.of(new SandboxProcess(pid, Long.parseLong(fields[19])));
            } catch (IOException | IndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }

        public boolean isAlive() {
            return of(pid).equals(Optional.of(this));
        }
    }

    /** Notes that the daemon started a process for the sandbox. */
    public void record(String sandboxId, SandboxProcess process) {
        try {
            Files.writeString(
                    directories.processes(sandboxId),
                    process.pid() + " " + process.startTime() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("record process " + process.pid() + " of sandbox " + sandboxId, e);
        }
    }

    /**
     * The living processes of a sandbox.
     *
     * @param namespace where the namespace is the sandbox's own
     */
    public Set<SandboxProcess> of(String sandboxId, Optional<NamespaceId> namespace) {
        Set<SandboxProcess> found = new HashSet<>(recorded(sandboxId));
        namespace.ifPresent(id -> found.addAll(in(id)));
        return found;
    }

    private List<SandboxProcess> recorded(String sandboxId) {
        Path file = directories.processes(sandboxId);
        if (!Files.exists(file)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.split(" ", -1))
                    .filter(fields -> fields.length == 2)
                    .map(fields -> new SandboxProcess(Long.parseLong(fields[0]), Long.parseLong(fields[1])))
                    .filter(SandboxProcess::isAlive)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
    }

    private static List<SandboxProcess> in(NamespaceId namespace) {
        List<SandboxProcess> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(PROC)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (Character.isDigit(name.charAt(0)) && isIn(entry, namespace)) {
                    SandboxProcess.of(Long.parseLong(name)).ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("list processes", e);
        }
        return found;
    }

    private static boolean isIn(Path process, NamespaceId namespace) {
        try {
            Path file = process.resolve("ns/net");
            return new NamespaceId(
                            (long) Files.getAttribute(file, "unix:dev"), (long) Files.getAttribute(file, "unix:ino"))
                    .equals(namespace);
        } catch (IOException e) {
            // It ended while we looked, or has given up its namespaces already.
            return false;
        }
    }
}
