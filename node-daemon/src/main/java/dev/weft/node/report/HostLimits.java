package dev.weft.node.report;

import dev.weft.node.sysctl.KernelText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The limits of the host and of this process that workloads use up, by the names of {@code NodeFacts.limits}. What the
 * kernel does not show (a namespace other than the first has no neighbor thresholds) is left out.
 */
public final class HostLimits {

    private static final Path TRACKED = Path.of("/proc/sys/net/netfilter/nf_conntrack_count");

    private static final Map<String, Path> SYSCTLS = Map.of(
            "network_namespaces", Path.of("/proc/sys/user/max_net_namespaces"),
            "neighbors", Path.of("/proc/sys/net/ipv4/neigh/default/gc_thresh3"),
            "tracked_connections", Path.of("/proc/sys/net/netfilter/nf_conntrack_max"));

    private HostLimits() {}

    static Map<String, Long> read() {
        Map<String, Long> limits = new TreeMap<>();
        SYSCTLS.forEach((name, path) -> number(path).ifPresent(value -> limits.put(name, value)));
        openFiles().ifPresent(value -> limits.put("open_files", value));
        return limits;
    }

    /** Connections that the kernel tracks in the calling thread's namespace; empty where it tracks none. */
    public static OptionalLong trackedConnections() {
        return number(TRACKED);
    }

    private static OptionalLong number(Path file) {
        try {
            return OptionalLong.of(Long.parseLong(KernelText.read(file)));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The soft limit: proc_pid_limits(5). */
    private static OptionalLong openFiles() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits"), StandardCharsets.US_ASCII).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split("\\s{2,}")[1])
                    .filter(limit -> !limit.equals("unlimited"))
                    .mapToLong(Long::parseLong)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
