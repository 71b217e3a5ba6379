package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Await;
import dev.weft.lab.LabHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A {@link PortTool} in some namespace: a server or a client. */
final class PortPeer implements AutoCloseable {

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    private PortPeer(Process process) {
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static PortPeer on(LabHost host) {
        return in(Path.of("/run/netns").resolve(host.namespace()));
    }

    static PortPeer in(Cluster.Workload workload) {
        return in(workload.host().sandboxNamespace(workload.id()));
    }

    private static PortPeer in(Path namespace) {
        try {
            String classes = Path.of(PortTool.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
            return new PortPeer(new ProcessBuilder(List.of(
                            "nsenter",
                            "--net=" + namespace,
                            "--",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xshare:auto",
                            "-Xmx32m",
                            "-cp",
                            classes,
                            PortTool.class.getName()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    String tell(String command) {
        commands.println(command);
        try {
            String answer = answers.readLine();
            if (answer == null) {
                throw new AssertionError("the tool has ended at: " + command);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void serve(int port) {
        assertThat(tell("serve " + port)).startsWith("ok");
    }

    /** Asks until there is an answer, since a busy machine may be slow: it is who was seen to ask, and at which port. */
    String ask(String protocol, String host, int port) {
        String[] answer = {""};
        Await.until(
                "an answer of " + protocol + " " + host + " port " + port,
                Cluster.PATIENCE,
                () -> {
                    answer[0] = tell("ask " + protocol + " " + host + " " + port);
                    return answer[0].startsWith("ok ");
                },
                () -> answer[0]);
        return answer[0].substring("ok ".length());
    }

    void answered(String protocol, String host, int port) {
        assertThat(ask(protocol, host, port)).isNotEmpty();
    }

    void refused(String protocol, String host, int port) {
        assertThat(tell("ask " + protocol + " " + host + " " + port))
                .as("%s %s port %s", protocol, host, port)
                .startsWith("no ");
    }

    @Override
    public void close() {
        commands.close();
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
