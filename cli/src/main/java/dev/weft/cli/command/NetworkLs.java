package dev.weft.cli.command;

import dev.weft.api.v1.ListNetworksRequest;
import dev.weft.api.v1.ListNetworksResponse;
import dev.weft.api.v1.Network;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.NaturalOrder;
import dev.weft.cli.view.NetworkView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft network ls}. */
@Command(aliases = "list", description = "List networks.")
public final class NetworkLs extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("NETWORK ID", "ID"),
            new OutputOptions.Column("NAME", "Name"),
            new OutputOptions.Column("DRIVER", "Driver"),
            new OutputOptions.Column("SCOPE", "Scope"));
    private static final OutputOptions.Column NODE_COLUMN = new OutputOptions.Column("NODE", "Node");

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "KEY=VALUE",
            description = "driver, id, name, label, scope, type=builtin|custom or dangling=true|false; repeatable.")
    private List<String> filters = List.of();

    @Mixin
    private NodeSelection nodes = new NodeSelection();

    public NetworkLs(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        List<Network> networks = list(connection);
        networks.sort(Comparator.comparing(Network::getName, NaturalOrder.INSTANCE)
                .thenComparing(Network::getNode, NaturalOrder.INSTANCE));
        List<OutputOptions.Column> columns = new ArrayList<>(COLUMNS);
        if (areOfSeveralNodes(networks)) {
            columns.add(NODE_COLUMN);
        }
        List<OutputOptions.Row> rows = networks.stream()
                .map(network -> new OutputOptions.Row(
                        NetworkView.row(network, output.wholeIds()), NetworkView.inspect(network)))
                .toList();
        output.print(out(), "ID", columns, rows);
        return ExitCode.OK;
    }

    private static boolean areOfSeveralNodes(List<Network> networks) {
        return networks.stream()
                        .map(Network::getNode)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .count()
                > 1;
    }

    private List<Network> list(Connection connection) {
        List<Network> networks = new ArrayList<>();
        String pageToken = "";
        do {
            ListNetworksResponse page = connection
                    .networks()
                    .listNetworks(ListNetworksRequest.newBuilder()
                            .setPageToken(pageToken)
                            .setNode(nodes.toRequest())
                            .addAllFilters(Arguments.filters(filters))
                            .build());
            networks.addAll(page.getNetworksList());
            pageToken = page.getNextPageToken();
        } while (!pageToken.isEmpty());
        return networks;
    }
}
