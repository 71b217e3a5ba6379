package dev.weft.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process of the lab: started in a namespace, in a session of its own, with its output in a file, so that it outlives
 * whoever started it. It is known by pid and start time: a pid that was reused since is never touched.
 */
public final class LabProcess {

    private static final Duration READY = Duration.ofSeconds(60);

    private final String name;
    private final String namespace;
    private final List<String> command;
    private final Map<String, String> environment;
    private final String readyText;
    private final Path log;
    private Identity identity;

    /** Which process it is. */
    record Identity(long pid, long startTicks) {

        boolean alive() {
            return startTicks(pid).filter(ticks -> ticks == startTicks).isPresent();
        }

        /** Field 22 of /proc/pid/stat (proc(5)); empty when there is no such process, or only its zombie is left. */
        static Optional<Long> startTicks(long pid) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                return fields[0].equals("Z") ? Optional.empty() : Optional.of(Long.parseLong(fields[19]));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }

    LabProcess(
            String name,
            String namespace,
            List<String> command,
            Map<String, String> environment,
            String readyText,
            Path log,
            Identity identity) {
        this.name = name;
        this.namespace = namespace;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.readyText = readyText;
        this.log = log;
        this.identity = identity;
    }

    /** Starts it and returns at once; see {@link #awaitReady}. */
    static LabProcess start(
            String name,
            String namespace,
            List<String> command,
            Map<String, String> environment,
            String readyText,
            Path log) {
        LabProcess process =
                new LabProcess(name, namespace, command, environment, readyText, log, new Identity(-1, -1));
        process.launch();
        return process;
    }

    private void launch() {
        // setsid and nsenter replace themselves by the command, so the pid stays.
        List<String> full = new ArrayList<>(List.of("setsid", "nsenter", "--net=" + Namespaces.path(namespace), "--"));
        full.addAll(command);
        try {
            if (Files.exists(log)) {
                Files.move(
                        log,
                        log.resolveSibling(log.getFileName() + ".1"),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            ProcessBuilder builder = new ProcessBuilder(full)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            long pid = builder.start().pid();
            identity = new Identity(pid, Identity.startTicks(pid).orElse(-1L));
        } catch (IOException e) {
            throw new LabException("start " + name + ": " + e.getMessage(), e);
        }
    }

    /** Waits until it says in its output that it is ready. */
    public void awaitReady() {
        Await.until(
                name + " to be ready",
                READY,
                () -> {
                    if (!alive() && !log().contains(readyText)) {
                        throw new LabException(name + " ended before it was ready:\n" + logTail());
                    }
                    return log().contains(readyText);
                },
                () -> "its log says:\n" + logTail());
    }

    public String name() {
        return name;
    }

    public long pid() {
        return identity.pid();
    }

    public boolean alive() {
        return identity.alive();
    }

    /** Where its output goes. */
    public Path logFile() {
        return log;
    }

    /** All that it printed since it was last started. */
    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new LabException("read " + log + ": " + e.getMessage(), e);
        }
    }

    private String logTail() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    /** Sends a signal, by its name without SIG: KILL, TERM, STOP, CONT. No error if the process is gone. */
    public void signal(String signal) {
        if (alive()) {
            Shell.run("kill", "-" + signal, Long.toString(identity.pid()));
        }
    }

    /** Ends it without warning and waits until it is gone. */
    public void kill() {
        signal("KILL");
        awaitEnd();
    }

    /** Asks it to end and waits until it is gone. */
    public void terminate() {
        signal("CONT");
        signal("TERM");
        awaitEnd();
    }

    private void awaitEnd() {
        Await.until(name + " to end", Duration.ofSeconds(20), () -> !alive());
    }

    /** Starts it again with the same command, after it ended; waits until it is ready. */
    public void restart() {
        if (alive()) {
            terminate();
        }
        launch();
        awaitReady();
    }

    /** Starts it again without waiting until it is ready. */
    public void launchAgain() {
        if (alive()) {
            throw new LabException(name + " is still running");
        }
        launch();
    }

    Map<String, String> describe() {
        return Map.of(
                "namespace", namespace,
                "command", String.join("\u001f", command),
                "environment", encode(environment),
                "ready", readyText,
                "log", log.toString(),
                "pid", Long.toString(identity.pid()),
                "start", Long.toString(identity.startTicks()));
    }

    static LabProcess from(String name, Map<String, String> description) {
        return new LabProcess(
                name,
                field(description, "namespace"),
                List.of(field(description, "command").split("\u001f", -1)),
                decode(field(description, "environment")),
                field(description, "ready"),
                Path.of(field(description, "log")),
                new Identity(Long.parseLong(field(description, "pid")), Long.parseLong(field(description, "start"))));
    }

    private static String field(Map<String, String> description, String key) {
        String value = description.get(key);
        if (value == null) {
            throw new LabException("the lab's state file lacks '" + key + "' of a process");
        }
        return value;
    }

    private static String encode(Map<String, String> map) {
        return String.join(
                "\u001f",
                map.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList());
    }

    private static Map<String, String> decode(String text) {
        if (text.isEmpty()) {
            return Map.of();
        }
        Map<String, String> map = new java.util.TreeMap<>();
        for (String pair : text.split("\u001f", -1)) {
            int equals = pair.indexOf('=');
            map.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return map;
    }
}
