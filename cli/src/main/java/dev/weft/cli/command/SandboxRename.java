package dev.weft.cli.command;

import dev.weft.api.v1.RenameSandboxRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft sandbox rename}. */
@Command(description = "Give a sandbox another name.")
public final class SandboxRename extends ClientCommand {

    @Parameters(index = "0", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private String sandbox = "";

    @Parameters(index = "1", paramLabel = "NEW-NAME", description = "The name that it is to have.")
    private String newName = "";

    public SandboxRename(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        RenameSandboxRequest request = RenameSandboxRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox)
                .setNewName(newName)
                .setWait(Waits.node())
                .build();
        try (Progress _ = Progress.of(terminal(), "waiting for the node to rename " + sandbox)) {
            var _ = connection.sandboxes(Waits.NODE).renameSandbox(request);
        }
        return ExitCode.OK;
    }
}
