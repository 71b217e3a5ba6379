package dev.weft.cli.command;

import dev.weft.api.v1.ListNodesRequest;
import dev.weft.api.v1.ListNodesResponse;
import dev.weft.api.v1.Node;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.NaturalOrder;
import dev.weft.cli.view.NodeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weft node ls}. */
@Command(aliases = "list", description = "List nodes.")
public final class NodeLs extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("NAME", "Name"),
            new OutputOptions.Column("STATUS", "Status"),
            new OutputOptions.Column("ADDRESS", "Address"),
            new OutputOptions.Column("SANDBOXES", "Sandboxes"),
            new OutputOptions.Column("ENDPOINTS", "Endpoints"),
            new OutputOptions.Column("APPLIED/DESIRED", "Revision"),
            new OutputOptions.Column("KERNEL", "Kernel"));

    @Mixin
    private OutputOptions output = new OutputOptions();

    public NodeLs(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        List<Node> nodes = list(connection);
        nodes.sort(Comparator.comparing(Node::getName, NaturalOrder.INSTANCE));
        List<OutputOptions.Row> rows = nodes.stream()
                .map(node -> new OutputOptions.Row(NodeView.row(node), NodeView.inspect(node)))
                .toList();
        output.print(out(), "Name", COLUMNS, rows);
        return ExitCode.OK;
    }

    private static List<Node> list(Connection connection) {
        List<Node> nodes = new ArrayList<>();
        String pageToken = "";
        do {
            ListNodesResponse page = connection
                    .nodes()
                    .listNodes(ListNodesRequest.newBuilder()
                            .setPageToken(pageToken)
                            .build());
            nodes.addAll(page.getNodesList());
            pageToken = page.getNextPageToken();
        } while (!pageToken.isEmpty());
        return nodes;
    }
}
