package dev.weft.loadtests.report;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.CommandFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What the figures were taken on and with: a report's header. */
public final class MachineFacts {

    /** Packages whose versions matter. */
    private static final List<String> PACKAGES = List.of(
            "docker.io",
            "containerd",
            "runc",
            "containernetworking-plugins",
            "netavark",
            "aardvark-dns",
            "iptables",
            "iperf3",
            "etcd-server",
            "iproute2",
            "libnftables1",
            "busybox-static");

    private MachineFacts() {}

    /**
     * In the order to be shown.
     *
     * @param home the checkout that is measured
     */
    public static SequencedMap<String, String> read(Path home) {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("weft", said("git", "-C", home.toString(), "describe", "--always", "--dirty", "--tags"));
        facts.put("kernel", line(Path.of("/proc/sys/kernel/osrelease")));
        facts.put("system", valueOf(Path.of("/etc/os-release"), "PRETTY_NAME=").replace("\"", ""));
        facts.put(
                "processors",
                Runtime.getRuntime().availableProcessors() + " × "
                        + valueOf(Path.of("/proc/cpuinfo"), "model name").replaceFirst("^\\s*:\\s*", ""));
        facts.put("memory", valueOf(Path.of("/proc/meminfo"), "MemTotal:").strip());
        facts.put("java", System.getProperty("java.vm.vendor") + " " + Runtime.version());
        PACKAGES.forEach(name -> facts.put(name, packageVersion(name)));
        return facts;
    }

    /** The load average of the last minute: how busy the machine was with other things. */
    public static double load() {
        return Double.parseDouble(line(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    }

    private static String packageVersion(String name) {
        try {
            String version = Command.of("dpkg-query", "--show", "--showformat=${Version}", name)
                    .run();
            return version.isBlank() ? "not installed" : version.strip();
        } catch (CommandFailedException e) {
            return "not installed as a Debian package";
        }
    }

    private static String said(String... words) {
        try {
            return Command.of(words).run().strip();
        } catch (CommandFailedException e) {
            return "unknown (" + e.getMessage().lines().findFirst().orElse("") + ")";
        }
    }

    private static String line(Path file) {
        return lines(file).getFirst().strip();
    }

    private static String valueOf(Path file, String prefix) {
        return lines(file).stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .findFirst()
                .orElse("unknown");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
    }

    static String asText(Map<String, String> facts) {
        StringBuilder text = new StringBuilder();
        facts.forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }
}
