package dev.weft.loadtests.probe;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * TCP throughput between two namespaces by iperf3: one stream, the sending side's default window and congestion control. The
 * host's iperf3 runs inside the namespaces, so that all contenders run the same program.
 */
public final class Iperf implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/iperf3");
    private static final int SECONDS = 3;
    private static final int OMITTED_SECONDS = 1;

    private final HostNamespace client;
    private final String serverAddress;
    private final Process server;

    private Iperf(HostNamespace client, String serverAddress, Process server) {
        this.client = client;
        this.serverAddress = serverAddress;
        this.server = server;
    }

    /** Starts a server in one namespace, for clients in the other. */
    public static Iperf between(HostNamespace client, HostNamespace server, String serverAddress) throws IOException {
        if (!Files.isExecutable(PROGRAM)) {
            throw new UnavailableException(PROGRAM + " is missing: apt-get install iperf3");
        }
        Command command =
                Command.of(PROGRAM.toString(), "--server", "--forceflush").in(server);
        Process process = command.start(command.builder().redirectErrorStream(true));
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line == null || !line.contains("listening"); line = output.readLine()) {
            if (line == null) {
                throw new IOException("iperf3 ended before it listened in " + server);
            }
        }
        Thread.ofVirtual().start(() -> output.lines().forEach(line -> {}));
        return new Iperf(client, serverAddress, process);
    }

    /** One run of 3 s, after a second that is not counted; what the receiver got, in Gbit/s. */
    public double gigabitsPerSecond() {
        String report = Command.of(
                        PROGRAM.toString(),
                        "--client",
                        serverAddress,
                        "--time",
                        Integer.toString(SECONDS),
                        "--omit",
                        Integer.toString(OMITTED_SECONDS),
                        "--json")
                .in(client)
                .run();
        JsonObject end = JsonParser.parseString(report).getAsJsonObject().getAsJsonObject("end");
        return end.getAsJsonObject("sum_received").get("bits_per_second").getAsDouble() / 1e9;
    }

    @Override
    public void close() {
        server.destroyForcibly();
    }
}
