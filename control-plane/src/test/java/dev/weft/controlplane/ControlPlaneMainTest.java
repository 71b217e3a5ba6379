package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import dev.weft.api.v1.GetNetworkRequest;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.service.Replica;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process: what it prints, and how it ends. */
final class ControlPlaneMainTest {

    private static final int TIMEOUT_SECONDS = 60;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private Process start(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--run-dir=" + directory.resolve("run"), "--state-dir=" + directory.resolve("state"), "--insecure"));
        all.addAll(List.of(arguments));
        return launch(all.toArray(String[]::new));
    }

    private Process launch(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                // The log as users see it, not as the tests do.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                ControlPlaneMain.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile())
                .start();
    }

    private int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + TIMEOUT_SECONDS + " s");
        }
        return process.exitValue();
    }

    private List<String> complaints() throws IOException {
        return Files.readAllLines(directory.resolve("stderr")).stream()
                .filter(line -> line.startsWith("weft-control-plane: "))
                .toList();
    }

    @Test
    void itSaysWhenItIsReadyAndEndsOnSigterm() throws IOException, InterruptedException {
        Process process = start("--listen=127.0.0.1:0");
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            Path socket = directory.resolve("run/control-plane.sock");
            assertThat(output.readLine())
                    .startsWith("weft-control-plane ready tcp=127.0.0.1:")
                    .contains("unix=" + socket, "pid=" + process.pid());
            assertThat(socket).exists();
            // Process.destroy would close the output that is still to be read.
            boolean asked = process.toHandle().destroy();
            assertThat(asked).isTrue();
            assertThat(exitCode(process)).isZero();
            assertThat(output.readLine()).isNull();
            assertThat(socket).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readAllLines(directory.resolve("stderr")))
                .as("one line an event")
                .allSatisfy(line -> assertThat(line).matches("\\d{4}-\\d\\d-\\d\\dT[^ ]+ (INFO|WARN) .*"));
    }

    @Test
    void theLogAsJsonIsAnObjectALineWithTheRequestsId() throws IOException, InterruptedException {
        Process process = start("--listen=127.0.0.1:0", "--log-format=json");
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String ready = output.readLine();
            int port = Integer.parseInt(ready.replaceFirst(".*tcp=127\\.0\\.0\\.1:(\\d+).*", "$1"));
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .build();
            try {
                assertThatThrownBy(() -> NetworkServiceGrpc.newBlockingStub(channel)
                                .getNetwork(GetNetworkRequest.newBuilder()
                                        .setNetwork("nowhere")
                                        .build()))
                        .hasMessageContaining("nowhere");
            } finally {
                channel.shutdownNow();
            }
            assertThat(process.toHandle().destroy()).isTrue();
            assertThat(exitCode(process)).isZero();
        } finally {
            process.destroyForcibly();
        }
        List<JsonObject> lines = Files.readAllLines(directory.resolve("stderr")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        assertThat(lines)
                .filteredOn(line -> line.get("loggerName").getAsString().equals("weft.request"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.get("formattedMessage").getAsString()).contains("GetNetwork", "NOT_FOUND");
                    assertThat(line.getAsJsonObject("mdc").get("request").getAsString())
                            .matches("[0-9a-f]{16}");
                });
        assertThat(lines)
                .as("the last line")
                .last()
                .satisfies(line ->
                        assertThat(line.get("formattedMessage").getAsString()).isEqualTo("Stopped"));
    }

    @Test
    void aBackupIsMadeAndRestoredByTheProcessAndNotOnAStoreInUse() throws IOException, InterruptedException {
        String backup = directory.resolve("weft.bak").toString();
        String state = "--state-dir=" + directory.resolve("state");
        try (Store store = SqliteStore.open(SqliteStoreConfig.in(directory.resolve("state")))) {
            try (Replica replica = Replica.over(store)) {
                replica.node("a", "192.0.2.1");
            }
            assertThat(exitCode(launch("backup", state, backup))).isEqualTo(1);
            assertThat(complaints())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("is in use by process"));
        }
        assertThat(exitCode(launch("backup", state, backup))).isZero();
        assertThat(exitCode(launch("backup", state, backup))).isEqualTo(1);
        assertThat(complaints())
                .containsExactly("weft-control-plane: backup file " + backup + " exists; choose another name");

        assertThat(exitCode(launch("restore", state, backup))).isEqualTo(1);
        assertThat(complaints())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("the store is not empty", "nodes: 1"));
        Process restore = launch("restore", "--state-dir=" + directory.resolve("other"), backup);
        try (BufferedReader output = restore.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).contains("keys of revision", "of sqlite", "are in sqlite", "0 removed");
        }
        assertThat(exitCode(restore)).isZero();
        try (Store store = SqliteStore.open(SqliteStoreConfig.in(directory.resolve("other")))) {
            assertThat(store.get(Keys.NODES + "a")).isPresent();
        }
    }

    @Test
    void aStoreThatIsRestoredInPartIsNotServed() throws IOException, InterruptedException {
        try (Store store = SqliteStore.open(SqliteStoreConfig.in(directory.resolve("state")))) {
            store.commit(
                    Transaction.builder().put(Keys.RESTORING, ByteString.EMPTY).build());
        }
        assertThat(exitCode(start("--listen=127.0.0.1:0"))).isEqualTo(1);
        assertThat(complaints())
                .containsExactly("weft-control-plane: the store is being restored from a backup, or a restore was cut"
                        + " short; wait, or repeat it: weft-control-plane restore --force FILE");
    }

    @Test
    void aPortInUseIsOneLineAndAnExitCode() throws IOException, InterruptedException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(exitCode(start("--listen=127.0.0.1:" + other.getLocalPort())))
                    .isEqualTo(1);
            assertThat(complaints())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("cannot listen on", ":" + other.getLocalPort(), "Address already in use"));
        }
    }

    @Test
    void aStoreThatIsNotThereIsOneLineAndAnExitCode() throws IOException, InterruptedException {
        assertThat(exitCode(start("--listen=127.0.0.1:0", "--store=etcd", "--etcd-endpoints=127.0.0.1:1")))
                .isEqualTo(1);
        assertThat(complaints())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("127.0.0.1:1"));
    }

    @Test
    void aBadOptionIsOneLineAndAnExitCode() throws IOException, InterruptedException {
        assertThat(exitCode(start("--listen=nowhere"))).isEqualTo(2);
        assertThat(complaints())
                .containsExactly(
                        "weft-control-plane: option listen: invalid address 'nowhere': it should be host:port");
    }
}
