package dev.weft.loadtests.weft;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.Contender;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The node daemon's part of an attachment: from the arrival of the endpoint's row until the kernel has it all. */
public final class OnNode implements Contender {

    private final HostNamespace host;
    private final HostNamespace sandbox;
    private final Path directory;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    private OnNode(HostNamespace host, HostNamespace sandbox, Path directory, Process process) {
        this.host = host;
        this.sandbox = sandbox;
        this.directory = directory;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    public static OnNode open() throws IOException {
        HostNamespace host = HostNamespace.create();
        HostNamespace sandbox = HostNamespace.create();
        Path directory = Files.createTempDirectory("wb-node");
        // The JVM's options are those of bin/weft-node.
        Command command = Command.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xms32m",
                        "-Xmx256m",
                        "-Xlog:disable",
                        "--enable-native-access=ALL-UNNAMED",
                        "--illegal-native-access=deny",
                        "-cp",
                        ManagementFactory.getRuntimeMXBean().getClassPath(),
                        OnNodeProcess.class.getName(),
                        directory.toString(),
                        sandbox.path().toString())
                .in(host);
        Process process = command.start(
                command.builder().redirectError(directory.resolve("log").toFile()));
        OnNode node = new OnNode(host, sandbox, directory, process);
        try {
            String first = node.answer();
            if (!first.equals(OnNodeProcess.READY)) {
                throw new IllegalStateException("the reconciler's process said " + first);
            }
            return node;
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            String log = Files.readString(directory.resolve("log"));
            throw new IOException("the reconciler's process ended: "
                    + log.lines()
                            .filter(said -> said.contains("Exception"))
                            .findFirst()
                            .orElse(log));
        }
        return line;
    }

    @Override
    public double measure(int round) throws IOException {
        questions.write("attach\n");
        questions.flush();
        return Double.parseDouble(answer());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        sandbox.close();
        host.close();
        Command.of("rm", "-rf", directory.toString()).run();
    }
}
