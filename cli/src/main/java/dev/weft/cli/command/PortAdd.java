package dev.weft.cli.command;

import dev.weft.api.v1.AddPortsRequest;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.view.PortView;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft port add}. */
@Command(description = "Publish ports of a sandbox that exists; prints what it publishes then.")
public final class PortAdd extends ClientCommand {

    @Parameters(index = "0", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private String sandbox = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "[[ADDR:]HOST-PORT:]PORT[/PROTO]",
            description = "As for run --publish.")
    private List<String> ports = List.of();

    public PortAdd(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        AddPortsRequest request = AddPortsRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setSandbox(sandbox)
                .addAllPorts(ports.stream().map(PortSyntax::published).toList())
                .setWait(Waits.node())
                .build();
        Sandbox changed;
        try (Progress _ = Progress.of(terminal(), "waiting for the node to publish ports of " + sandbox)) {
            changed = connection.ports(Waits.NODE).addPorts(request);
        }
        changed.getPortsList().forEach(port -> out().println(PortView.line(port)));
        return ExitCode.OK;
    }
}
