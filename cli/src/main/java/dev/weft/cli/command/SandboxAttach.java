package dev.weft.cli.command;

import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.client.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft sandbox attach}. */
@Command(description = "Make a sandbox of a network namespace that somebody else keeps.")
public final class SandboxAttach extends ClientCommand {

    @Option(names = "--netns", paramLabel = "PATH", description = "Where the namespace is on the node.")
    private String path = "";

    @Option(names = "--pid", paramLabel = "PID", description = "A process of the node that is in the namespace.")
    private long pid;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the sandbox; made up when left out.")
    private String name = "";

    @Option(names = "--node", paramLabel = "NODE", description = "Where the namespace is.")
    private String node = "";

    @Option(
            names = {"-l", "--label"},
            paramLabel = "KEY=VALUE",
            description = "Label; repeatable.")
    private List<String> labels = List.of();

    @Mixin
    private NetworkArguments networks = new NetworkArguments();

    @Mixin
    private PortArguments ports = new PortArguments();

    @Mixin
    private NameOptions nameOptions = new NameOptions();

    public SandboxAttach(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        if (path.isEmpty() == (pid == 0)) {
            throw CliException.usage("say which namespace: give either --netns PATH or --pid PID");
        }
        CreateSandboxRequest.Builder request = CreateSandboxRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setName(name)
                .setNode(node)
                .putAllLabels(Arguments.keyValues("--label", labels))
                .setNetnsPath(path)
                .setNetnsPid(pid)
                .setNetnsPidStartTime(startTime())
                .setSharedSandbox(networks.sharedSandbox())
                .addAllEndpoints(networks.toSpecs())
                .addAllPorts(ports.toSpecs())
                .setWait(Waits.node());
        nameOptions.addTo(request, linked -> sandbox(connection, linked));
        try (Progress _ = Progress.of(terminal(), "waiting for the node to attach the namespace")) {
            out().println(connection
                    .sandboxes(Waits.NODE)
                    .createSandbox(request.build())
                    .getId());
        }
        return ExitCode.OK;
    }

    /** Known where the node that is spoken to is this machine; else the node takes the process that it finds. */
    private long startTime() {
        boolean isHere = weft().server() instanceof ServerAddress.UnixSocket(var socket)
                && !socket.endsWith(ServerAddress.CONTROL_PLANE_SOCKET.getFileName());
        return pid > 0 && isHere && node.isEmpty() ? ProcessStart.of(pid) : 0;
    }

    private static Sandbox sandbox(Connection connection, String reference) {
        return connection
                .sandboxes(Duration.ZERO)
                .getSandbox(GetSandboxRequest.newBuilder().setSandbox(reference).build());
    }
}
