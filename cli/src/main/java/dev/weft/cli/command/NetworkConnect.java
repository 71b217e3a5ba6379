package dev.weft.cli.command;

import dev.weft.api.v1.CreateEndpointRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft network connect}. */
@Command(description = "Connect a sandbox to a network.")
public final class NetworkConnect extends ClientCommand {

    @Mixin
    private EndpointOptions endpoint = new EndpointOptions();

    @Parameters(index = "0", paramLabel = "NETWORK", description = "Name, id or unique prefix of an id.")
    private String network = "";

    @Parameters(index = "1", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private String sandbox = "";

    public NetworkConnect(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        CreateEndpointRequest request = CreateEndpointRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox)
                .setEndpoint(endpoint.toSpec(network))
                .setWait(Waits.node())
                .build();
        try (Progress _ = Progress.of(terminal(), "waiting for the node to connect " + sandbox)) {
            var _ = connection.endpoints(Waits.NODE).createEndpoint(request);
        }
        return ExitCode.OK;
    }
}
