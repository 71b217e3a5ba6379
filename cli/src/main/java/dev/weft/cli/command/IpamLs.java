package dev.weft.cli.command;

import dev.weft.api.v1.ListSubnetUseRequest;
import dev.weft.api.v1.ListSubnetUseResponse;
import dev.weft.api.v1.SubnetUse;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.NaturalOrder;
import dev.weft.cli.view.IpamView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weft ipam ls}. */
@Command(aliases = "list", description = "List subnets, and how many of their addresses are used.")
public final class IpamLs extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("NETWORK", "Network"),
            new OutputOptions.Column("NODE", "Node"),
            new OutputOptions.Column("SUBNET", "Subnet"),
            new OutputOptions.Column("USABLE", "Usable"),
            new OutputOptions.Column("LEASED", "Leased"),
            new OutputOptions.Column("RESERVED", "Reserved"),
            new OutputOptions.Column("RESTING", "Resting"),
            new OutputOptions.Column("FREE", "Free"),
            new OutputOptions.Column("USED", "Used"));

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private NodeSelection nodes = new NodeSelection();

    public IpamLs(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        List<SubnetUse> subnets = list(connection);
        // Stable: the subnets of a network stay in their order.
        subnets.sort(Comparator.comparing(SubnetUse::getNetworkName, NaturalOrder.INSTANCE)
                .thenComparing(SubnetUse::getNode, NaturalOrder.INSTANCE));
        output.print(
                out(),
                "Subnet",
                COLUMNS,
                subnets.stream()
                        .map(use -> new OutputOptions.Row(IpamView.row(use), IpamView.inspect(use)))
                        .toList());
        return ExitCode.OK;
    }

    private List<SubnetUse> list(Connection connection) {
        List<SubnetUse> subnets = new ArrayList<>();
        String pageToken = "";
        do {
            ListSubnetUseResponse page = connection
                    .ipam()
                    .listSubnetUse(ListSubnetUseRequest.newBuilder()
                            .setPageToken(pageToken)
                            .setNode(nodes.toRequest())
                            .build());
            subnets.addAll(page.getSubnetsList());
            pageToken = page.getNextPageToken();
        } while (!pageToken.isEmpty());
        return subnets;
    }
}
