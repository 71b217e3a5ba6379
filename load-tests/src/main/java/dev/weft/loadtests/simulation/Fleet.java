package dev.weft.loadtests.simulation;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.net.IpAddress;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Simulated nodes, seen from the process that measures. Times are {@link System#nanoTime()}. Not for several threads. */
public final class Fleet implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;

    private Fleet(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts the process, without a node yet.
     *
     * @param host where the nodes' connections come from
     * @param controlPlane its address, {@code host:port}
     * @param authority directory of the cluster's authority
     * @param log where the process's complaints go
     * @param heapMebibytes the most that it may use
     */
    public static Fleet start(HostNamespace host, String controlPlane, Path authority, Path log, int heapMebibytes) {
        Command command = Command.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseG1GC",
                        // Marking would take one of two processors, again and again, for what mostly lives on.
                        "-XX:InitiatingHeapOccupancyPercent=80",
                        "-XX:-G1UseAdaptiveIHOP",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xss256k",
                        "-Xmx" + heapMebibytes + "m",
                        "-Xlog:disable",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        ManagementFactory.getRuntimeMXBean().getClassPath(),
                        FleetProcess.class.getName(),
                        controlPlane,
                        authority.toString())
                .in(host);
        Fleet fleet = new Fleet(command.start(command.builder().redirectError(log.toFile())));
        try {
            String first = fleet.line();
            if (!first.equals(FleetProcess.READY)) {
                throw new IllegalStateException("the fleet's process said " + first);
            }
            return fleet;
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    /** Starts one more node. */
    public void addNode(String name, IpAddress vtep) {
        var unusedCount = ask("node", name, vtep);
    }

    /** From now on only snapshots that come later count, and only what arrives later is known. */
    public long mark() {
        return ask("mark");
    }

    /** All nodes drop their connections and dial at once. Returns when. */
    public long redial() {
        return ask("redial");
    }

    /** Waits until every node has applied a snapshot; returns when the last did. */
    public long awaitSettled(Duration limit) {
        return ask("settled", limit.toSeconds());
    }

    /** Waits until every node has applied the revision. */
    public void awaitRevision(long revision, Duration limit) {
        var unusedTime = ask("revision", revision, limit.toSeconds());
    }

    /** Waits until so many nodes have the endpoint in their kernel; returns when the last did. */
    public long awaitPresent(String endpoint, int count, Duration limit) {
        return ask("present", endpoint, count, limit.toSeconds());
    }

    /** Waits until the endpoint is gone from so many nodes' kernels; returns when it was from the last. */
    public long awaitGone(String endpoint, int count, Duration limit) {
        return ask("gone", endpoint, count, limit.toSeconds());
    }

    /** Rows that all nodes hold together. */
    public long rows() {
        return ask("rows");
    }

    /** Stops all nodes as they are until {@link #resume}: their connections stay, and nothing is answered. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        String unused =
                Command.of("kill", "-" + name, Long.toString(process.pid())).run();
    }

    private long ask(Object... words) {
        StringBuilder question = new StringBuilder();
        for (Object word : words) {
            question.append(question.isEmpty() ? "" : " ").append(word);
        }
        try {
            commands.write(question + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("ask the fleet for " + question, e);
        }
        String[] answer = line().split(" ", 2);
        if (!answer[0].equals(FleetProcess.OK)) {
            throw new IllegalStateException("the fleet, asked for " + question + ": " + answer[1]);
        }
        return Long.parseLong(answer[1]);
    }

    private String line() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("the fleet's process ended, with exit code " + process.waitFor());
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException("read the fleet's answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the fleet's process ended", e);
        }
    }

    /** Ends all nodes with their process. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
