package dev.weft.loadtests.peer.etcd;

import dev.weft.loadtests.host.Command;
import dev.weft.loadtests.host.HostNamespace;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** Clients of etcd that write as fast as it takes it, on a host. */
public final class EtcdLoad implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    private EtcdLoad(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** @param etcd address that the host reaches a member by */
    public static EtcdLoad start(HostNamespace host, String etcd, int port) {
        Command command = Command.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-Xlog:disable",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        ManagementFactory.getRuntimeMXBean().getClassPath(),
                        EtcdLoadProcess.class.getName(),
                        etcd,
                        Integer.toString(port))
                .in(host);
        return new EtcdLoad(command.start(command.builder().redirectError(ProcessBuilder.Redirect.INHERIT)));
    }

    /**
     * Lets clients write new keys, each a transaction after the other.
     *
     * @param keys of a transaction; 1 for a plain put
     * @return how many were written a second
     * @throws IOException if the process ended
     */
    public double rate(int clients, int keys, int seconds) throws IOException {
        questions.write(clients + " " + keys + " " + seconds + "\n");
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the process that writes to etcd ended");
        }
        return Double.parseDouble(answer);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
