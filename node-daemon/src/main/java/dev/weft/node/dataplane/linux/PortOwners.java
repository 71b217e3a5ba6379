package dev.weft.node.dataplane.linux;

import dev.weft.node.kernel.KernelObject.HostPort;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Who has a port, as ss(8) finds it out: the socket's inode from /proc/net, its process from the links in /proc/PID/fd. */
final class PortOwners {

    private static final Path PROC = Path.of("/proc");
    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;

    private PortOwners() {}

    /** A process by name and id, or why none can be named. Looks through all processes: only for error messages. */
    static String of(HostPort port) {
        Set<String> inodes = new HashSet<>();
        String table = port.protocol().toString();
        // A socket of both families is in the table of the sixth only.
        for (String file : new String[] {table, table + "6"}) {
            addInodes(PROC.resolve("thread-self/net").resolve(file), port.port(), inodes);
        }
        return inodes.isEmpty()
                ? "a socket that is no process's any more"
                : process(inodes).orElse("a process that cannot be seen from here");
    }

    private static void addInodes(Path table, int port, Set<String> inodes) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        try (Stream<String> lines = Files.lines(table)) {
            lines.map(line -> line.strip().split("\\s+", -1))
                    .filter(fields -> fields.length > INODE && fields[LOCAL_ADDRESS].endsWith(suffix))
                    .filter(fields -> !fields[INODE].equals("0"))
                    .forEach(fields -> inodes.add("socket:[" + fields[INODE] + "]"));
        } catch (IOException | java.io.UncheckedIOException e) {
            // No such table: nobody can have such a socket.
            return;
        }
    }

    private static Optional<String> process(Set<String> inodes) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, inodes)) {
                    return Optional.of(name(process) + " (pid " + process.getFileName() + ")");
                }
            }
        } catch (IOException e) {
            return Optional.of("a process that cannot be found: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, Set<String> inodes) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (inodes.contains(target(descriptor))) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // It ended meanwhile, or is not ours to look at.
            return false;
        }
        return false;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // Closed meanwhile.
            return "";
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "a process";
        }
    }
}
