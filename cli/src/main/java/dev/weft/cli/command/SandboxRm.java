package dev.weft.cli.command;

import dev.weft.api.v1.DeleteSandboxRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.CallFailure;
import dev.weft.cli.client.Connection;
import io.grpc.StatusRuntimeException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft sandbox rm}. */
@Command(aliases = "remove", description = "Remove sandboxes: their endpoints, their namespaces and what runs in them.")
public final class SandboxRm extends ClientCommand {

    @Option(
            names = {"-f", "--force"},
            description = "No error for a sandbox that does not exist.")
    private boolean force;

    @Parameters(arity = "1..*", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private List<String> sandboxes = List.of();

    public SandboxRm(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        return forEach(connection, sandboxes, reference -> remove(connection, reference));
    }

    private void remove(Connection connection, String reference) {
        try (Progress _ = Progress.of(terminal(), "waiting for the node to remove " + reference)) {
            var _ = connection
                    .sandboxes(Waits.NODE)
                    .deleteSandbox(DeleteSandboxRequest.newBuilder()
                            .setSandbox(reference)
                            .setWait(Waits.node())
                            .build());
        } catch (StatusRuntimeException e) {
            if (force && CallFailure.of(e, connection.address()).isNotFound()) {
                return;
            }
            throw e;
        }
        out().println(reference);
    }
}
