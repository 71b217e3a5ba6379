package dev.weft.cli.command;

import dev.weft.api.v1.CreateSandboxRequest;
import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.PortSpec;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.CallFailure;
import dev.weft.cli.client.Connection;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft run}: makes a sandbox and runs a command in it. Without a command the sandbox is all. */
@Command(description = "Make a sandbox and run a command in it; without a command, make the sandbox only.")
public final class Run implements Callable<Integer> {

    @Mixin
    private ExecOptions options = new ExecOptions();

    @Mixin
    private NetworkArguments networks = new NetworkArguments();

    @Mixin
    private PortArguments ports = new PortArguments();

    @Mixin
    private NameOptions nameOptions = new NameOptions();

    @Option(names = "--rm", description = "Remove the sandbox when the command ends.")
    private boolean remove;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the sandbox; made up when left out.")
    private String name = "";

    @Option(names = "--node", paramLabel = "NODE", description = "Where to make it.")
    private String node = "";

    @Option(
            names = {"-h", "--hostname"},
            paramLabel = "NAME",
            description = "Host name inside.")
    private String hostname = "";

    @Option(
            names = {"-l", "--label"},
            paramLabel = "KEY=VALUE",
            description = "Label; repeatable.")
    private List<String> labels = List.of();

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command and its arguments.")
    private List<String> command = List.of();

    private final Weft weft;

    public Run(Weft weft) {
        this.weft = weft;
    }

    @Override
    public Integer call() {
        List<String> words = ExecOptions.commandOf(command);
        options.check();
        if (remove && (words.isEmpty() || options.detach())) {
            throw CliException.usage("--rm needs a command in the foreground: remove the sandbox with weft sandbox rm");
        }
        try (Connection connection = weft.connect()) {
            Sandbox sandbox = create(connection);
            if (words.isEmpty()) {
                weft.terminal().out().println(sandbox.getId());
                return ExitCode.OK.code();
            }
            return run(connection, sandbox, words);
        }
    }

    private Sandbox create(Connection connection) {
        String shared = networks.sharedSandbox();
        if (!shared.isEmpty()) {
            refuseWhatTheServerDoesNotSee();
        }
        CreateSandboxRequest.Builder builder = CreateSandboxRequest.newBuilder()
                .setSharedSandbox(shared)
                .setRequestId(UUID.randomUUID().toString())
                .setName(name)
                .setNode(node)
                .setHostname(hostname)
                .putAllLabels(Arguments.keyValues("--label", labels))
                .addAllEndpoints(networks.toSpecs())
                .addAllPorts(networks.areHost() ? discarded() : ports.toSpecs())
                .setWait(Waits.node());
        nameOptions.addTo(builder, name -> linked(connection, name));
        CreateSandboxRequest request = builder.build();
        try (Progress _ = Progress.of(weft.terminal(), "waiting for the node to make the sandbox")) {
            return connection.sandboxes(Waits.NODE).createSandbox(request);
        } catch (StatusRuntimeException e) {
            throw CallFailure.of(e, connection.address()).toException(ExitCode.RUN_FAILED);
        }
    }

    /** Docker's words for what becomes something else on its way, or nothing. */
    private void refuseWhatTheServerDoesNotSee() {
        if (nameOptions.hasLinks()) {
            throw CliException.usage("conflicting options: container type network can't be used with links. This would"
                    + " result in undefined behavior");
        }
        if (ports.areExposed()) {
            throw CliException.usage("conflicting options: port exposing and the container type network mode");
        }
    }

    private static Sandbox linked(Connection connection, String name) {
        try {
            return connection
                    .sandboxes(Duration.ZERO)
                    .getSandbox(GetSandboxRequest.newBuilder().setSandbox(name).build());
        } catch (StatusRuntimeException e) {
            throw CallFailure.of(e, connection.address()).toException(ExitCode.RUN_FAILED);
        }
    }

    /** As Docker: no error, but said. */
    private List<PortSpec> discarded() {
        if (!ports.toSpecs().isEmpty()) {
            weft.terminal().err().println("weft: warning: published ports are discarded on the network host");
        }
        return List.of();
    }

    private int run(Connection connection, Sandbox sandbox, List<String> words) {
        try {
            int code = CommandRunner.run(
                    connection,
                    options.toStart(weft, sandbox.getId(), words),
                    weft.terminal(),
                    options.interactive(),
                    ExitCode.RUN_FAILED);
            if (options.detach()) {
                weft.terminal().out().println(sandbox.getId());
            }
            return code;
        } finally {
            if (remove) {
                removeSandbox(connection, sandbox);
            }
        }
    }

    /** What went wrong before is more interesting than a failure here: that is only reported. */
    private void removeSandbox(Connection connection, Sandbox sandbox) {
        // Set when Ctrl-C ended the command; the removal is still to be waited for.
        boolean interrupted = Thread.interrupted();
        try {
            var _ = connection
                    .sandboxes(Waits.NODE)
                    .deleteSandbox(DeleteSandboxRequest.newBuilder()
                            .setSandbox(sandbox.getId())
                            .setWait(Waits.node())
                            .build());
        } catch (StatusRuntimeException e) {
            CliException failure = CallFailure.of(e, connection.address()).toException();
            weft.terminal()
                    .err()
                    .println("weft: removing the sandbox " + sandbox.getName() + " failed: " + failure.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
