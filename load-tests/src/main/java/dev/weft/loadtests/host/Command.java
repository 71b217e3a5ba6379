package dev.weft.loadtests.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Another program to run. It is started by a thread that is in the namespace wanted, so no helper such as
 * {@code nsenter} is executed first and adds to a measurement.
 */
public final class Command {

    private final List<String> words;
    private final Map<String, String> environment;
    private final Optional<HostNamespace> namespace;
    private final String input;

    private Command(
            List<String> words, Map<String, String> environment, Optional<HostNamespace> namespace, String input) {
        this.words = words;
        this.environment = environment;
        this.namespace = namespace;
        this.input = input;
    }

    public static Command of(String... words) {
        return new Command(List.of(words), Map.of(), Optional.empty(), "");
    }

    /** Adds to the environment, which is otherwise this process's. */
    public Command with(Map<String, String> variables) {
        Map<String, String> both = Stream.concat(environment.entrySet().stream(), variables.entrySet().stream())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue, (old, added) -> added));
        return new Command(words, both, namespace, input);
    }

    /** Runs it in a network namespace; without this it runs in that of the caller. */
    public Command in(HostNamespace wanted) {
        return new Command(words, environment, Optional.of(wanted), input);
    }

    /** What the program reads from its standard input, which ends after it. */
    public Command input(String text) {
        return new Command(words, environment, namespace, text);
    }

    /**
     * Runs it to its end.
     *
     * @return what it wrote to its standard output
     * @throws CommandFailedException if it cannot be started or its exit code is not 0
     */
    public String run() {
        Process process = start(builder());
        try {
            CompletableFuture<String> errors = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> errors.complete(text(process.getErrorStream())));
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // A program that does not read its input has closed it; its exit code says whether that was right.
                if (process.isAlive()) {
                    throw new UncheckedIOException("write the input of " + this, e);
                }
            }
            String output = text(process.getInputStream());
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                String said = errors.join().isBlank() ? output : errors.join();
                throw new CommandFailedException(this + " ended with exit code " + exitCode + ": " + said.strip());
            }
            return output;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted while waiting for " + this);
        }
    }

    /** How to start it, for a caller that keeps the process. */
    public ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        return builder;
    }

    /**
     * Starts what {@link #builder()} gave, in the namespace wanted.
     *
     * @throws CommandFailedException if it cannot be started
     */
    public Process start(ProcessBuilder builder) {
        return namespace.map(wanted -> wanted.call(() -> startHere(builder))).orElseGet(() -> startHere(builder));
    }

    private Process startHere(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new CommandFailedException("cannot start " + this + ": " + e.getMessage());
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("read a program's output", e);
        }
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
