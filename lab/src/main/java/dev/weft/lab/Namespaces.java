package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Named network namespaces, as {@code ip netns} keeps them. */
public final class Namespaces {

    private static final Path DIRECTORY = Path.of("/run/netns");

    private Namespaces() {}

    static void add(String name) {
        Shell.run("ip", "netns", "add", name).orThrow();
        ip(name, "link", "set", "lo", "up");
    }

    /** Ends whatever still runs in the namespace, then removes it; no error if it is gone. */
    static void delete(String name) {
        if (Files.exists(path(name))) {
            killAllIn(path(name));
            Shell.run("ip", "netns", "del", name).orThrow();
        }
    }

    public static Path path(String name) {
        return DIRECTORY.resolve(name);
    }

    static List<String> list(String prefix) {
        if (!Files.isDirectory(DIRECTORY)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LabException("list " + DIRECTORY + ": " + e.getMessage(), e);
        }
    }

    /** Runs {@code ip} in the namespace; it must succeed. */
    static String ip(String namespace, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(List.of(arguments));
        return Shell.run(command.toArray(String[]::new)).orThrow();
    }

    /** Sends SIGKILL to every process whose network namespace is the one mounted at the path. */
    static void killAllIn(Path namespace) {
        processesIn(namespace).forEach(pid -> Shell.run("kill", "-KILL", pid));
    }

    /** Pids of the processes whose network namespace is the one mounted at the path. */
    static Set<String> processesIn(Path namespace) {
        Set<String> found = new HashSet<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            Object wanted = inode(namespace);
            processes
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .forEach(pid -> {
                        try {
                            if (inode(Path.of("/proc/" + pid + "/ns/net")).equals(wanted)) {
                                found.add(pid);
                            }
                        } catch (IOException gone) {
                            // The process ended while we looked: it is in no namespace.
                        }
                    });
        } catch (IOException e) {
            throw new LabException("look for processes in " + namespace + ": " + e.getMessage(), e);
        }
        return found;
    }

    private static Object inode(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino");
    }
}
