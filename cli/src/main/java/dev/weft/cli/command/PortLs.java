package dev.weft.cli.command;

import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.ListSandboxesResponse;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.view.PortView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft port ls}. */
@Command(aliases = "list", description = "List published ports: of one sandbox, of a node, or all.")
public final class PortLs extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("NODE", "Node"),
            new OutputOptions.Column("SANDBOX", "Sandbox"),
            new OutputOptions.Column("HOST", "Host"),
            new OutputOptions.Column("CONTAINER", "Container"),
            new OutputOptions.Column("STATUS", "Status"));

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--node", paramLabel = "NODE", description = "Only that node's.")
    private String node = "";

    @Parameters(arity = "0..1", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private String sandbox = "";

    public PortLs(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        List<OutputOptions.Row> rows = sandboxes(connection).stream()
                .flatMap(found -> found.getPortsList().stream()
                        .map(port -> new OutputOptions.Row(PortView.row(found, port), PortView.inspect(found, port))))
                .toList();
        output.print(out(), "Host", COLUMNS, rows);
        return ExitCode.OK;
    }

    private List<Sandbox> sandboxes(Connection connection) {
        if (!sandbox.isEmpty()) {
            return List.of(connection
                    .sandboxes(Duration.ZERO)
                    .getSandbox(
                            GetSandboxRequest.newBuilder().setSandbox(sandbox).build()));
        }
        List<Sandbox> sandboxes = new ArrayList<>();
        String pageToken = "";
        do {
            ListSandboxesResponse page = connection
                    .sandboxes(Duration.ZERO)
                    .listSandboxes(ListSandboxesRequest.newBuilder()
                            .setPageToken(pageToken)
                            .setNode(node)
                            .build());
            sandboxes.addAll(page.getSandboxesList());
            pageToken = page.getNextPageToken();
        } while (!pageToken.isEmpty());
        return sandboxes;
    }
}
