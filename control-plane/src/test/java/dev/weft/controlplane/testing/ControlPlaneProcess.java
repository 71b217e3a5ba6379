package dev.weft.controlplane.testing;

import dev.weft.controlplane.ControlPlaneMain;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The control plane as a process of its own, which can be killed. */
public final class ControlPlaneProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("weft-control-plane ready tcp=127\\.0\\.0\\.1:(\\d+) .*");

    private final Process process;
    private final ManagedChannel channel;

    private ControlPlaneProcess(Process process, int port) {
        this.process = process;
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /**
     * Returns one that is ready.
     *
     * @param directory for its log and its socket
     */
    public static ControlPlaneProcess start(Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                ControlPlaneMain.class.getName(),
                "--listen=127.0.0.1:0",
                "--insecure",
                "--audit-log=" + directory.resolve("audit.log"),
                "--run-dir=" + directory.resolve("run")));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        Matcher ready = READY.matcher(String.valueOf(line));
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new AssertionError("the control plane said " + line + "; its log is " + directory.resolve("log"));
        }
        return new ControlPlaneProcess(process, Integer.parseInt(ready.group(1)));
    }

    public ManagedChannel channel() {
        return channel;
    }

    /** SIGKILL, without a chance to close anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        end();
    }

    private void end() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " does not end");
        }
        channel.shutdownNow();
    }

    /** SIGTERM; returns when the process has ended. */
    public void terminate() throws InterruptedException {
        process.destroy();
        end();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
