package dev.weft.cli.command;

import dev.weft.api.v1.ListSandboxesRequest;
import dev.weft.api.v1.ListSandboxesResponse;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.NaturalOrder;
import dev.weft.cli.view.SandboxView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft sandbox ls}. */
@Command(aliases = "list", description = "List sandboxes.")
public final class SandboxLs extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("SANDBOX ID", "ID"),
            new OutputOptions.Column("NAME", "Name"),
            new OutputOptions.Column("NODE", "Node"),
            new OutputOptions.Column("STATUS", "Status"),
            new OutputOptions.Column("MODE", "Mode"),
            new OutputOptions.Column("CREATED", "Created"),
            new OutputOptions.Column("NETWORKS", "Networks"),
            new OutputOptions.Column("ADDRESSES", "Addresses"),
            new OutputOptions.Column("PORTS", "Ports"));

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description = "name, id, label, network, node or status; repeatable.")
    private List<String> filters = List.of();

    @Option(names = "--node", paramLabel = "NODE", description = "Only those of this node.")
    private String node = "";

    public SandboxLs(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        List<Sandbox> sandboxes = list(connection);
        sandboxes.sort(Comparator.comparing(Sandbox::getName, NaturalOrder.INSTANCE));
        Instant now = Instant.now();
        List<OutputOptions.Row> rows = sandboxes.stream()
                .map(sandbox -> new OutputOptions.Row(
                        SandboxView.row(sandbox, output.wholeIds(), now), SandboxView.inspect(sandbox)))
                .toList();
        output.print(out(), "ID", COLUMNS, rows);
        return ExitCode.OK;
    }

    private List<Sandbox> list(Connection connection) {
        List<Sandbox> sandboxes = new ArrayList<>();
        String pageToken = "";
        do {
            ListSandboxesResponse page = connection
                    .sandboxes(java.time.Duration.ZERO)
                    .listSandboxes(ListSandboxesRequest.newBuilder()
                            .setPageToken(pageToken)
                            .setNode(node)
                            .addAllFilters(Arguments.filters(filters))
                            .build());
            sandboxes.addAll(page.getSandboxesList());
            pageToken = page.getNextPageToken();
        } while (!pageToken.isEmpty());
        return sandboxes;
    }
}
