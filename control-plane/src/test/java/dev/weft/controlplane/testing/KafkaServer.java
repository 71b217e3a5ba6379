package dev.weft.controlplane.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker, alone in its cluster, on free ports of the loopback interface, its data in a temporary directory. It
 * can be killed and restarted on the same data. Closing it, or the end of this process, removes all.
 */
public final class KafkaServer implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final String READY = "Kafka Server started";

    private final Path directory;
    private final int port;
    private final int controllerPort;
    private final Thread endOfProcess = new Thread(this::kill);
    private @Nullable Process process;

    private KafkaServer(Path directory, int port, int controllerPort) {
        this.directory = directory;
        this.port = port;
        this.controllerPort = controllerPort;
    }

    /** Returns a broker that is ready. */
    public static KafkaServer start() {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            KafkaServer server =
                    new KafkaServer(Files.createTempDirectory("weft-kafka-"), one.getLocalPort(), other.getLocalPort());
            one.close();
            other.close();
            Runtime.getRuntime().addShutdownHook(server.endOfProcess);
            server.restart();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("prepare a Kafka broker", e);
        }
    }

    /** As {@code host:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Runs a broker on the data there is; returns when it is ready. */
    public void restart() {
        try {
            Files.deleteIfExists(log());
            process = new ProcessBuilder(
                            launcher().toString(),
                            directory.toString(),
                            "127.0.0.1",
                            Integer.toString(port),
                            Integer.toString(controllerPort))
                    .redirectErrorStream(true)
                    .redirectOutput(log().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("run " + launcher(), e);
        }
        try {
            Await.until("a Kafka broker on " + bootstrapServers(), READY_WITHIN, this::isReady);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; its log:\n" + lastOfLog(), e);
        }
    }

    private static Path launcher() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path launcher = at.resolve("bin/kafka-broker");
            if (Files.isExecutable(launcher)) {
                return launcher;
            }
        }
        throw new AssertionError("no bin/kafka-broker from here upwards");
    }

    private boolean isReady() {
        if (!isRunning()) {
            throw new AssertionError("the broker ended before it was ready");
        }
        if (!lastOfLog().contains(READY)) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException _) {
            return false; // not yet
        }
    }

    public boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        Process killed = process;
        if (killed == null) {
            return;
        }
        killed.descendants().forEach(ProcessHandle::destroyForcibly);
        killed.destroyForcibly();
        try {
            if (!killed.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the broker, process " + killed.pid() + ", survived SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        process = null;
    }

    private Path log() {
        return directory.resolve("broker.log");
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
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("remove " + directory, e);
        }
    }
}
