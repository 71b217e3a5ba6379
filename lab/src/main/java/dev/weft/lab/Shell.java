package dev.weft.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs commands to their end. */
public final class Shell {

    private Shell() {}

    /** What a command answered. */
    public record Result(List<String> command, int exitCode, String stdout, String stderr) {

        public boolean succeeded() {
            return exitCode == 0;
        }

        /**
         * The output of a command that must succeed.
         *
         * @throws LabException if it did not
         */
        public String orThrow() {
            if (!succeeded()) {
                throw new LabException(
                        String.join(" ", command) + ": exit code " + exitCode + ": " + (stderr + stdout).strip());
            }
            return stdout;
        }
    }

    /**
     * Runs a command without input.
     *
     * @throws LabException if it cannot be started, does not end in time, or the caller is interrupted; then it has been killed
     */
    public static Result run(Duration timeout, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> stdout = read(process.getInputStream());
            CompletableFuture<String> stderr = read(process.getErrorStream());
            if (!endsWithin(timeout, process)) {
                throw new LabException(String.join(" ", command) + ": not done after " + timeout.toSeconds() + " s");
            }
            return new Result(List.copyOf(command), process.exitValue(), stdout.join(), stderr.join());
        } catch (IOException e) {
            throw new LabException(String.join(" ", command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(String.join(" ", command) + ": interrupted", e);
        }
    }

    /** Whatever the answer, an interrupt included, the process has ended: it changes nothing behind its caller's back. */
    private static boolean endsWithin(Duration timeout, Process process) throws InterruptedException {
        boolean ended = false;
        try {
            ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().onExit().join();
            }
        }
        return ended;
    }

    /** Runs a command for at most a minute. */
    public static Result run(String... command) {
        return run(Duration.ofMinutes(1), Map.of(), List.of(command));
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.complete("(output lost: " + e.getMessage() + ")");
            }
        });
        return text;
    }
}
