package dev.weft.cli.command;

import dev.weft.api.v1.DeleteEndpointRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft network disconnect}. */
@Command(description = "Disconnect a sandbox from a network.")
public final class NetworkDisconnect extends ClientCommand {

    @Option(
            names = {"-f", "--force"},
            description = "No error if the sandbox is already gone.")
    private boolean force;

    @Parameters(index = "0", paramLabel = "NETWORK", description = "Name, id or unique prefix of an id.")
    private String network = "";

    @Parameters(index = "1", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private String sandbox = "";

    public NetworkDisconnect(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        DeleteEndpointRequest request = DeleteEndpointRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox)
                .setNetwork(network)
                .setForce(force)
                .setWait(Waits.node())
                .build();
        try (Progress _ = Progress.of(terminal(), "waiting for the node to disconnect " + sandbox)) {
            var _ = connection.endpoints(Waits.NODE).deleteEndpoint(request);
        }
        return ExitCode.OK;
    }
}
