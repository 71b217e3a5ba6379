package dev.weft.loadtests.host;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A main class of this run's class path in a process of its own on a host, which is asked a line and answers with one. Ended with
 * {@link #close()}, whatever it does at the time. Used by one thread.
 */
public final class JavaProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    private JavaProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts it.
     *
     * @param options of the JVM
     * @param errors where its complaints go
     */
    public static JavaProcess start(
            HostNamespace host, List<String> options, Class<?> main, List<String> arguments, Redirect errors) {
        List<String> words =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        words.addAll(options);
        words.addAll(List.of("-cp", ManagementFactory.getRuntimeMXBean().getClassPath(), main.getName()));
        words.addAll(arguments);
        Command command = Command.of(words.toArray(String[]::new)).in(host);
        return new JavaProcess(
                main.getSimpleName(), command.start(command.builder().redirectError(errors)));
    }

    /** @throws IOException if the process has ended */
    public String ask(String question) throws IOException {
        questions.write(question + "\n");
        questions.flush();
        return line();
    }

    /**
     * The next line that it says by itself.
     *
     * @throws IOException if the process has ended
     */
    public String line() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " ended");
        }
        return line;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
