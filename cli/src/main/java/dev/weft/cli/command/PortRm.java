package dev.weft.cli.command;

import dev.weft.api.v1.RemovePortsRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft port rm}. */
@Command(
        aliases = "remove",
        description = "Publish ports no more. Connections through them end, those of other ports do not.")
public final class PortRm extends ClientCommand {

    @Parameters(index = "0", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private String sandbox = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "[ADDR:]HOST-PORT[:PORT][/PROTO]",
            description = "A port of the host, or a range; without an address on all of them.")
    private List<String> ports = List.of();

    public PortRm(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        RemovePortsRequest request = RemovePortsRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox)
                .addAllPorts(ports.stream().map(PortSyntax::removed).toList())
                .setWait(Waits.node())
                .build();
        try (Progress _ = Progress.of(terminal(), "waiting for the node to close ports of " + sandbox)) {
            var _ = connection.ports(Waits.NODE).removePorts(request);
        }
        return ExitCode.OK;
    }
}
