package dev.weft.loadtests.simulation;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.host.JavaProcess;
import dev.weft.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Simulated nodes, seen from the process that measures. Times are {@link System#nanoTime()}. Not for several threads. */
public final class Fleet implements AutoCloseable {

    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UseG1GC",
            // Marking would take one of two processors, again and again, for what mostly lives on.
            "-XX:InitiatingHeapOccupancyPercent=80",
            "-XX:-G1UseAdaptiveIHOP",
            "-XX:+UseCompactObjectHeaders",
            "-Xss256k",
            "-Xlog:disable",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final JavaProcess process;

    private Fleet(JavaProcess process) {
        this.process = process;
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
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        options.add("-Xmx" + heapMebibytes + "m");
        JavaProcess process = JavaProcess.start(
                host,
                options,
                FleetProcess.class,
                List.of(controlPlane, authority.toString()),
                Redirect.to(log.toFile()));
        try {
            String first = process.line();
            if (!first.equals(FleetProcess.READY)) {
                throw new IllegalStateException("the fleet's process said " + first);
            }
            return new Fleet(process);
        } catch (IOException e) {
            process.close();
            throw new UncheckedIOException("start the fleet, whose log is " + log, e);
        } catch (RuntimeException e) {
            process.close();
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
            String[] answer = process.ask(question.toString()).split(" ", 2);
            if (!answer[0].equals(FleetProcess.OK)) {
                throw new IllegalStateException("the fleet, asked for " + question + ": " + answer[1]);
            }
            return Long.parseLong(answer[1]);
        } catch (IOException e) {
            throw new UncheckedIOException("ask the fleet for " + question, e);
        }
    }

    /** Ends all nodes with their process. */
    @Override
    public void close() {
        process.close();
    }
}
