package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A ping every 10 ms from inside a sandbox, until it is asked for its sum. */
final class PingStream implements AutoCloseable {

    private static final Pattern SUM = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

    private final Process process;
    private final Path output;

    private PingStream(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts it, and waits until the first answers are in. */
    static PingStream start(Cluster.Workload from, String address) throws IOException {
        Path output = Files.createTempFile("weft-ping", ".txt");
        Process process = new ProcessBuilder(
                        "nsenter",
                        "--net=" + from.host().sandboxNamespace(from.id()),
                        "--",
                        "ping",
                        "-i",
                        "0.01",
                        "-W",
                        "2",
                        address)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        PingStream stream = new PingStream(process, output);
        Await.until("answers from " + address, Duration.ofSeconds(10), () -> stream.answers() >= 10, stream::text);
        return stream;
    }

    /** How many answers have come so far. */
    long answers() {
        return text().lines().filter(line -> line.contains("bytes from")).count();
    }

    /** Waits until so many more answers have come. */
    void awaitMore(int count) {
        long goal = answers() + count;
        Await.until(count + " more answers", Duration.ofSeconds(30), () -> answers() >= goal, this::tail);
    }

    /** Ends it; every packet must have been answered. */
    void assertNothingLost() throws InterruptedException {
        // SIGINT makes ping print its sum; the last request may still be under way, so it is not counted as lost.
        new ProcessHandleSignal(process.pid()).send("INT");
        process.waitFor();
        Matcher sum = SUM.matcher(text());
        assertThat(sum.find()).as("ping's sum in: %s", tail()).isTrue();
        long transmitted = Long.parseLong(sum.group(1));
        long received = Long.parseLong(sum.group(2));
        assertThat(transmitted - received).as("packets lost of %d", transmitted).isLessThanOrEqualTo(1);
        assertThat(text()).as("gaps").doesNotContain("Unreachable");
    }

    private String text() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String tail() {
        String text = text();
        return text.substring(Math.max(0, text.length() - 500));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(output);
    }

    /** Sends a signal by its name. */
    private record ProcessHandleSignal(long pid) {

        void send(String signal) {
            dev.weft.lab.Shell.run("kill", "-" + signal, Long.toString(pid)).orThrow();
        }
    }
}
