package dev.weft.cli.command;

import dev.weft.api.v1.ListAddressesRequest;
import dev.weft.api.v1.ListAddressesResponse;
import dev.weft.api.v1.NetworkAddress;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.view.IpamView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft ipam show}. */
@Command(description = "Show a network's addresses that are not free: who holds them, and what rests how long yet.")
public final class IpamShow extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("ADDRESS", "Address"),
            new OutputOptions.Column("KIND", "Kind"),
            new OutputOptions.Column("SANDBOX", "Sandbox"),
            new OutputOptions.Column("ENDPOINT", "Endpoint"),
            new OutputOptions.Column("NODE", "Node"),
            new OutputOptions.Column("SINCE", "Since"),
            new OutputOptions.Column("RESTS YET", "RestLeft"));

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--node", paramLabel = "NODE", description = "Whose local network, where several have the name.")
    private String node = "";

    @Parameters(paramLabel = "NETWORK", description = "Name, id or unique prefix of an id.")
    private String network = "";

    public IpamShow(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        Instant now = Instant.now();
        output.print(
                out(),
                "Address",
                COLUMNS,
                list(connection).stream()
                        .map(address -> new OutputOptions.Row(
                                IpamView.row(address, output.wholeIds(), now), IpamView.inspect(address)))
                        .toList());
        return ExitCode.OK;
    }

    private List<NetworkAddress> list(Connection connection) {
        List<NetworkAddress> addresses = new ArrayList<>();
        String pageToken = "";
        do {
            ListAddressesResponse page = connection
                    .ipam()
                    .listAddresses(ListAddressesRequest.newBuilder()
                            .setNetwork(network)
                            .setNode(node)
                            .setPageToken(pageToken)
                            .build());
            addresses.addAll(page.getAddressesList());
            pageToken = page.getNextPageToken();
        } while (!pageToken.isEmpty());
        return addresses;
    }
}
