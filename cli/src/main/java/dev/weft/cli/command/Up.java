package dev.weft.cli.command;

import dev.weft.api.v1.GetNodeRequest;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ServerAddress;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Certificates;
import dev.weft.trust.TrustException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
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
            description = "This host's address for tunnels. Default: its IPv4 address towards the default route.")
    private String underlay = "";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Where other nodes and clients connect to, with certificates of an authority that is made in the"
                            + " state directory at the first start. Default: nowhere.")
    private String listen = "none";

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
        requireRoot();
        Path controlPlaneSocket = runDirectory.resolve("control-plane.sock");
        Path nodeSocket = runDirectory.resolve("node.sock");
        requireUnserved(controlPlaneSocket);
        requireUnserved(nodeSocket);
        List<Process> children = new ArrayList<>();
        AtomicBoolean ending = new AtomicBoolean();
        Thread stop = new Thread(
                () -> {
                    ending.set(true);
                    stop(children);
                },
                "stop-children");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            children.add(start("weft-control-plane", controlPlaneArguments().toArray(String[]::new)));
            awaitSocket(controlPlaneSocket, children);
            children.add(start(
                    "weft-node",
                    "--name",
                    name.isEmpty() ? hostName() : name,
                    "--control-plane",
                    "unix://" + controlPlaneSocket,
                    "--underlay",
                    underlay.isEmpty() ? firstAddress() : underlay,
                    "--run-dir",
                    runDirectory.toString(),
                    "--state-dir",
                    stateDirectory.resolve("node").toString()));
            awaitSocket(nodeSocket, children);
            awaitRegistered(nodeSocket, children);
            greet(nodeSocket);
            return awaitFirstToEnd(children, ending);
        } finally {
            stop(children);
            removeHook(stop);
        }
    }

    private List<String> controlPlaneArguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "--store",
                "sqlite",
                "--listen",
                listen,
                "--run-dir",
                runDirectory.toString(),
                "--state-dir",
                stateDirectory.resolve("control-plane").toString()));
        if (isOpen()) {
            arguments.addAll(
                    weft.isInsecure()
                            ? List.of("--insecure")
                            : List.of("--ca-dir", authority().toString()));
        }
        return arguments;
    }

    private boolean isOpen() {
        return !listen.equals("none");
    }

    /** The directory of the cluster's authority, which is made at the first start. */
    private Path authority() {
        Path directory = stateDirectory.resolve("ca");
        if (!CertificateAuthority.isIn(directory)) {
            try {
                CertificateAuthority made = CertificateAuthority.init(directory, "weft", Instant.now());
                weft.terminal()
                        .out()
                        .println("Made this cluster's certificate authority in " + directory + ": "
                                + Certificates.fingerprintText(made.certificate()));
            } catch (TrustException e) {
                throw CliException.failure(String.valueOf(e.getMessage()));
            }
        }
        return directory;
    }

    /** Without it the children would fail one after another, each at something else. */
    private static void requireRoot() {
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                throw CliException.failure("weft up needs root, to build links and namespaces: run it as root");
            }
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILURE, "reading who runs this from /proc/self failed: " + e.getMessage(), e);
        }
    }

    private void greet(Path nodeSocket) {
        weft.terminal()
                .out()
                .println("Weft is up: a control plane and this node. Ctrl-C stops both. In another terminal:");
        if (!nodeSocket.equals(Path.of("/run/weft/node.sock"))) {
            weft.terminal().out().println("  export WEFT_HOST=unix://" + nodeSocket);
        }
        weft.terminal().out().println("  weft network create --subnet 10.10.0.0/24 mynet");
        weft.terminal().out().println("  weft run -d --name one --network mynet --ip 10.10.0.10 -- sleep 1000");
        weft.terminal().out().println("  weft run --rm --network mynet -- ping -c 3 10.10.0.10");
        if (isOpen()) {
            weft.terminal().out().println("Another host joins with:");
            if (weft.isInsecure()) {
                weft.terminal().out().println("  weft-node --control-plane " + listen + " --insecure");
            } else {
                weft.terminal().out().println("  weft node token create        # here; what it prints is good once");
                weft.terminal().out().println("  weft-node --control-plane " + listen + " --join TOKEN");
            }
        }
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

    private static void requireUnserved(Path socket) {
        if (accepts(socket)) {
            throw CliException.failure("something serves " + socket
                    + " already, perhaps another weft up: end it first, or choose other places with --run-dir,"
                    + " --state-dir and --listen");
        }
    }

    private static void awaitSocket(Path socket, List<Process> children) throws InterruptedException {
        await("serve " + socket, children, () -> accepts(socket));
    }

    /** A daemon serves before it has registered; only then does the control plane know the node's networks. */
    private static void awaitRegistered(Path nodeSocket, List<Process> children) throws InterruptedException {
        try (Connection connection = Connection.open(new ServerAddress.UnixSocket(nodeSocket))) {
            await("register the node", children, () -> isConnected(connection));
        }
    }

    private static boolean isConnected(Connection connection) {
        try {
            return connection
                    .nodes()
                    .getNode(GetNodeRequest.getDefaultInstance())
                    .getStatus()
                    .getConnected();
        } catch (StatusRuntimeException _) {
            // Not found, or no way to the control plane, yet; the deadline tells when that lasts.
            return false;
        }
    }

    private static void await(String what, List<Process> children, BooleanSupplier condition)
            throws InterruptedException {
        Instant deadline = Instant.now().plus(START_TIMEOUT);
        while (!condition.getAsBoolean()) {
            for (Process child : children) {
                if (!child.isAlive()) {
                    throw CliException.failure("could not " + what + ": a process ended with code " + child.exitValue()
                            + "; its own message is above");
                }
            }
            if (Instant.now().isAfter(deadline)) {
                throw CliException.failure(
                        "could not " + what + " within " + START_TIMEOUT.toSeconds() + " s; see the messages above");
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

    /** Ctrl-C reaches the children too; that they end then is no failure. */
    private static int awaitFirstToEnd(List<Process> children, AtomicBoolean ending) throws InterruptedException {
        while (true) {
            for (Process child : children) {
                if (child.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    if (ending.get()) {
                        return ExitCode.INTERRUPTED.code();
                    }
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

    /** The kernel's, which needs no resolver: many hosts cannot look up their own name. */
    private static String hostName() {
        Path file = Path.of("/proc/sys/kernel/hostname");
        try {
            String hostName = Files.readString(file).strip();
            if (hostName.isEmpty() || hostName.equals("(none)")) {
                throw CliException.failure("this host has no name: give one with --name");
            }
            return hostName;
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILURE, "reading this host's name from " + file + " failed: " + e.getMessage(), e);
        }
    }

    /**
     * An IPv4 address of the interface that the default route leaves by, else of the interface that has been there longest.
     * Not simply any: bridges, Weft's own from an earlier run among them, have addresses too, and no other host reaches those.
     */
    private static String firstAddress() {
        try {
            String way = defaultRouteInterface();
            return NetworkInterface.networkInterfaces()
                    .sorted(Comparator.<NetworkInterface, Boolean>comparing(
                                    nic -> !nic.getName().equals(way))
                            .thenComparing(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElseThrow(() -> CliException.failure(
                            "this host has no IPv4 address but loopback: give one with --underlay"));
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILURE, "reading this host's addresses failed: " + e.getMessage(), e);
        }
    }

    /** From proc_net(5)'s route table: destination and mask are zero, the metric is the least; empty if there is none. */
    private static String defaultRouteInterface() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/net/route"))) {
            return lines.skip(1)
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(fields -> fields[1].equals("00000000") && fields[7].equals("00000000"))
                    .min(Comparator.comparing(fields -> Long.parseLong(fields[6])))
                    .map(fields -> fields[0])
                    .orElse("");
        }
    }
}
