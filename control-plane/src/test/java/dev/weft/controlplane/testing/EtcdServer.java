package dev.weft.controlplane.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real etcd, alone in its cluster, on free ports of the loopback interface, its data in a temporary directory. It can be
 * killed and restarted on the same data, or stopped and continued. Closing it, or the end of this process, removes all.
 */
public final class EtcdServer implements AutoCloseable {

    private static final Duration HEALTHY_WITHIN = Duration.ofSeconds(30);
    private static final int REQUEST_TIMEOUT_MILLIS = 1000;

    private final Path directory;
    private final List<String> options;
    private final int clientPort;
    private final int peerPort;
    private final Thread endOfProcess = new Thread(this::kill);
    private @Nullable Process process;

    private EtcdServer(Path directory, List<String> options, int clientPort, int peerPort) {
        this.directory = directory;
        this.options = options;
        this.clientPort = clientPort;
        this.peerPort = peerPort;
    }

    /**
     * Returns a healthy server.
     *
     * @param options further ones of etcd, such as {@code --quota-backend-bytes=4194304}
     * @throws AssertionError if there is no etcd on the PATH, or it does not become healthy
     */
    public static EtcdServer start(String... options) {
        try (ServerSocket client = loopbackSocket();
                ServerSocket peer = loopbackSocket()) {
            EtcdServer server = new EtcdServer(
                    Files.createTempDirectory("weft-etcd-"),
                    List.of(options),
                    client.getLocalPort(),
                    peer.getLocalPort());
            client.close();
            peer.close();
            Runtime.getRuntime().addShutdownHook(server.endOfProcess);
            server.restart();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("prepare an etcd server", e);
        }
    }

    private static ServerSocket loopbackSocket() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /** As {@code host:port}. */
    public String clientAddress() {
        return "127.0.0.1:" + clientPort;
    }

    public int clientPort() {
        return clientPort;
    }

    /** Runs a server on the data there is; returns when it is healthy. */
    public void restart() {
        String clientUrl = "http://" + clientAddress();
        String peerUrl = "http://127.0.0.1:" + peerPort;
        List<String> command = new ArrayList<>(List.of(
                "etcd",
                "--name=weft",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + clientUrl,
                "--advertise-client-urls=" + clientUrl,
                "--listen-peer-urls=" + peerUrl,
                "--initial-advertise-peer-urls=" + peerUrl,
                "--initial-cluster=weft=" + peerUrl,
                "--logger=zap"));
        command.addAll(options);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    "cannot run etcd (" + e.getMessage() + "): install it, on Debian: apt-get install etcd-server", e);
        }
        try {
            Await.until("a healthy etcd on " + clientAddress(), HEALTHY_WITHIN, this::isHealthy);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; its log:\n" + lastOfLog(), e);
        }
    }

    private boolean isHealthy() {
        if (!running().isAlive()) {
            throw new AssertionError("etcd ended with exit code " + running().exitValue());
        }
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + clientAddress() + "/health").toURL().openConnection();
            connection.setConnectTimeout(REQUEST_TIMEOUT_MILLIS);
            connection.setReadTimeout(REQUEST_TIMEOUT_MILLIS);
            try (var body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8).contains("true");
            }
        } catch (IOException _) {
            return false; // not yet
        }
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        Process killed = process;
        if (killed == null) {
            return;
        }
        killed.destroyForcibly();
        try {
            if (!killed.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("etcd, process " + killed.pid() + ", survived SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        process = null;
    }

    /** SIGSTOP: connections stay, nothing is answered. */
    public void stop() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            int exitCode = new ProcessBuilder(
                            "kill", "-" + signal, Long.toString(running().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exitCode != 0) {
                throw new AssertionError("kill -" + signal + " ended with exit code " + exitCode);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private Process running() {
        Process now = process;
        if (now == null) {
            throw new IllegalStateException("the etcd server is not running");
        }
        return now;
    }

    private Path log() {
        return directory.resolve("etcd.log");
    }

    private String lastOfLog() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "(unreadable: " + e + ")";
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(endOfProcess);
        kill();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException error)
                        throws IOException {
                    if (error != null) {
                        throw error;
                    }
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("remove " + directory, e);
        }
    }
}
