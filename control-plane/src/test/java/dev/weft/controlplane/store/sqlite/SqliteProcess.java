package dev.weft.controlplane.store.sqlite;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Another process with a store, for tests of what processes do to each other and to files when they die. */
final class SqliteProcess implements AutoCloseable {

    private static final int FILL_BYTES = 64 * 1024;

    private final Process process;
    private final BufferedReader output;

    private SqliteProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Runs {@link #main} with the arguments, by way of the command in front, if any. */
    static SqliteProcess start(List<String> front, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(front);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SqliteProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new SqliteProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    long pid() {
        return process.pid();
    }

    /** The next line of its output; empty at the end. */
    Optional<String> readLine() throws IOException {
        return Optional.ofNullable(output.readLine());
    }

    /** SIGKILL, without a chance to close anything. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // Process.destroyForcibly would throw away its last output
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + pid() + " survived SIGKILL");
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    /** {@code write <directory>}: commits without end. {@code fill <directory>}: commits until the disk is full. */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "write" -> write(SqliteStoreConfig.in(directory).withDurability(Durability.PROCESS_DEATH));
            case "fill" -> fill(SqliteStoreConfig.in(directory));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void write(SqliteStoreConfig config) {
        try (Store store = SqliteStore.open(config)) {
            for (int i = 0; ; i++) {
                ByteString value = ByteString.copyFromUtf8(Integer.toString(i));
                CommitResult result = store.commit(Transaction.builder()
                        .put("left/" + i, value)
                        .put("right/" + i, value)
                        .build());
                System.out.println(((CommitResult.Committed) result).revision());
            }
        }
    }

    private static void fill(SqliteStoreConfig config) {
        int written = 0;
        try (Store store = SqliteStore.open(config)) {
            try {
                while (true) {
                    store.commit(Transaction.builder()
                            .put("fill/" + written, ByteString.copyFrom(new byte[FILL_BYTES]))
                            .build());
                    written++;
                }
            } catch (StoreException e) {
                System.out.println(e.kind());
                System.out.println(e.getMessage());
            }
            System.out.println(
                    written == store.list("fill/").entries().size() ? "nothing else written" : "half written");
        }
        try (Store reopened = SqliteStore.open(config)) {
            System.out.println(written == reopened.list("fill/").entries().size() ? "nothing lost" : "something lost");
        }
    }
}
