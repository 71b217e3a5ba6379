package dev.weft.loadtests.weft;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.host.JavaProcess;
import dev.weft.loadtests.measure.Contender;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The node daemon's part of an attachment: from the arrival of the endpoint's row until the kernel has it all. */
public final class OnNode implements Contender {

    /** Those of bin/weft-node. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms32m",
            "-Xmx256m",
            "-Xlog:disable",
            "--enable-native-access=ALL-UNNAMED",
            "--illegal-native-access=deny");

    private final HostNamespace host;
    private final HostNamespace sandbox;
    private final Path directory;
    private final JavaProcess process;

    private OnNode(HostNamespace host, HostNamespace sandbox, Path directory, JavaProcess process) {
        this.host = host;
        this.sandbox = sandbox;
        this.directory = directory;
        this.process = process;
    }

    public static OnNode open() throws IOException {
        HostNamespace host = HostNamespace.create();
        HostNamespace sandbox = HostNamespace.create();
        Path directory = Files.createTempDirectory("wb-node");
        JavaProcess process = JavaProcess.start(
                host,
                JVM_OPTIONS,
                OnNodeProcess.class,
                List.of(directory.toString(), sandbox.path().toString()),
                Redirect.to(directory.resolve("log").toFile()));
        OnNode node = new OnNode(host, sandbox, directory, process);
        try {
            String first = process.line();
            if (!first.equals(OnNodeProcess.READY)) {
                throw new IllegalStateException("the reconciler's process said " + first);
            }
            return node;
        } catch (IOException e) {
            IOException explained = node.explained(e);
            node.close();
            throw explained;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** What the process said in its log is more than that it ended. */
    private IOException explained(IOException ended) throws IOException {
        String log = Files.readString(directory.resolve("log"));
        return new IOException(
                "the reconciler's process ended: "
                        + log.lines()
                                .filter(said -> said.contains("Exception"))
                                .findFirst()
                                .orElse(log),
                ended);
    }

    @Override
    public double measure(int round) throws IOException {
        try {
            return Double.parseDouble(process.ask("attach"));
        } catch (IOException e) {
            throw explained(e);
        }
    }

    @Override
    public void close() {
        process.close();
        sandbox.close();
        host.close();
        Command.of("rm", "-rf", directory.toString()).run();
    }
}
