package dev.weft.cli.command;

import dev.weft.api.v1.DeleteNetworkResponse;
import dev.weft.api.v1.PruneNetworksRequest;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft network prune}. */
@Command(description = "Remove all networks without endpoints, except those that exist from the start.")
public final class NetworkPrune extends ClientCommand {

    @Option(
            names = {"-f", "--force"},
            description = "Do not ask.")
    private boolean force;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            description = "until=24h (or a time), label=key[=value], label!=key[=value]; repeatable.")
    private List<String> filters = List.of();

    @Mixin
    private NodeSelection nodes = new NodeSelection();

    public NetworkPrune(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        PruneNetworksRequest request = PruneNetworksRequest.newBuilder()
                .setNode(nodes.toRequest())
                .addAllFilters(Arguments.filters(filters))
                .build();
        if (!force && !isConfirmed()) {
            return ExitCode.OK;
        }
        List<DeleteNetworkResponse> deleted =
                connection.networks().pruneNetworks(request).getDeletedList();
        if (!deleted.isEmpty()) {
            out().println("Deleted Networks:");
            deleted.forEach(network -> out().println(network.getName()));
            out().println();
        }
        return ExitCode.OK;
    }

    private boolean isConfirmed() {
        out().println("WARNING! This will remove all custom networks not used by at least one container.");
        out().print("Are you sure you want to continue? [y/N] ");
        out().flush();
        try {
            String answer =
                    new BufferedReader(new InputStreamReader(terminal().in(), StandardCharsets.UTF_8)).readLine();
            return answer != null && answer.strip().equalsIgnoreCase("y");
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILURE, "reading the answer failed: " + e.getMessage(), e);
        }
    }
}
