package dev.weft.cli.command;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code weft up}: a cluster of one host in the foreground. The control plane with the embedded store and the node's daemon
 * are children of this process; they end with it.
 */
@Command(description = "Run a control plane and this host's daemon in the foreground, until Ctrl-C.")
public final class Up implements Callable<Integer> {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(50);

    @Option(names = "--name", paramLabel = "NODE", description = "Name of this node. Default: the host's name.")
    private String name = "";

    @Option(
            names = "--underlay",
            paramLabel = "ADDRESS",
            description = "This host's address for tunnels. Default: its first IPv4 address that is not loopback.")
    private String underlay = "";

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where other nodes and clients connect to.")
    private String listen = "127.0.0.1:7400";

    @Option(names = "--run-dir", paramLabel = "DIRECTORY", description = "Sockets and namespaces.")
    private Path runDirectory = Path.of("/run/weft");

    @Option(names = "--state-dir", paramLabel = "DIRECTORY", description = "The store and the daemon's cache.")
    private Path stateDirectory = Path.of("/var/lib/weft");

    private final Weft weft;

    public Up(Weft weft) {
        this.weft = weft;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Process> children = new ArrayList<>();
        Thread stop = new Thread(() -> stop(children), "stop-children");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            Path controlPlaneSocket = runDirectory.resolve("control-plane.sock");
            Path nodeSocket = runDirectory.resolve("node.sock");
            children.add(start(
                    "weft-control-plane",
                    "--store",
                    "sqlite",
                    "--listen",
                    listen,
                    "--run-dir",
                    runDirectory.toString(),
                    "--state-dir",
                    stateDirectory.resolve("control-plane").toString()));
            awaitSocket(controlPlaneSocket, children);
            children.add(start(
                    "weft-node",
                    "--name",
                    name.isEmpty() ? hostName() : name,
                    "--control-plane",
                    listen,
                    "--underlay",
                    underlay.isEmpty() ? firstAddress() : underlay,
                    "--run-dir",
                    runDirectory.toString(),
                    "--state-dir",
                    stateDirectory.resolve("node").toString()));
            awaitSocket(nodeSocket, children);
            greet(nodeSocket);
            return awaitFirstToEnd(children);
        } finally {
            stop(children);
            removeHook(stop);
        }
    }

    private void greet(Path nodeSocket) {
        weft.terminal()
                .out()
                .println("Weft is up: a control plane and this node. Ctrl-C stops both. In another terminal:");
        if (!nodeSocket.equals(Path.of("/run/weft/node.sock"))) {
            weft.terminal().out().println("  export WEFT_HOST=unix://" + nodeSocket);
        }
        weft.terminal().out().println("  weft network create mynet");
        weft.terminal().out().println("  weft run --name one --network mynet");
        weft.terminal().out().println("  weft run --rm --network mynet -- ping -c 3 one");
        weft.terminal().out().flush();
    }

    private Process start(String launcher, String... arguments) {
        String home = System.getProperty("weft.home", "");
        if (home.isEmpty()) {
            throw CliException.failure("cannot find " + launcher + ": start this command through bin/weft");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(home, "bin", launcher).toString());
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILURE, "starting " + command.getFirst() + " failed: " + e.getMessage(), e);
        }
    }

    private static void awaitSocket(Path socket, List<Process> children) throws InterruptedException {
        Instant deadline = Instant.now().plus(START_TIMEOUT);
        while (!accepts(socket)) {
            for (Process child : children) {
                if (!child.isAlive()) {
                    throw CliException.failure("a process ended with code " + child.exitValue() + " before it served "
                            + socket + "; its own message is above");
                }
            }
            if (Instant.now().isAfter(deadline)) {
                throw CliException.failure("nothing serves " + socket + " after " + START_TIMEOUT.toSeconds()
                        + " s; see the messages above");
            }
            Thread.sleep(POLL);
        }
    }

    private static boolean accepts(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException _) {
            return false;
        }
    }

    private static int awaitFirstToEnd(List<Process> children) throws InterruptedException {
        while (true) {
            for (Process child : children) {
                if (child.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw CliException.failure(
                            "a process ended with code " + child.exitValue() + "; stopping the other");
                }
            }
        }
    }

    /** The daemon first, so that it can still say goodbye to the control plane. */
    private static void stop(List<Process> children) {
        for (Process child : List.copyOf(children).reversed()) {
            child.destroy();
            try {
                if (!child.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    child.destroyForcibly();
                }
            } catch (InterruptedException _) {
                child.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is going down already, and the hook with it.
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new CliException(ExitCode.FAILURE, "this host has no name: give one with --name", e);
        }
    }

    private static String firstAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElseThrow(() -> CliException.failure(
                            "this host has no IPv4 address but loopback: give one with --underlay"));
        } catch (SocketException e) {
            throw new CliException(ExitCode.FAILURE, "reading this host's addresses failed: " + e.getMessage(), e);
        }
    }
}
