package dev.weft.cli.command;

import dev.weft.api.v1.GetNodeRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.Value;
import dev.weft.cli.view.NodeView;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft node inspect}. */
@Command(description = "Show nodes whole: facts, kernel features, how far the kernel is.")
public final class NodeInspect extends ClientCommand {

    /** The node that the request comes through. */
    private static final String SELF = "";

    @Mixin
    private InspectOptions output = new InspectOptions();

    @Parameters(arity = "0..*", paramLabel = "NODE", description = "Names; without one, the node of the socket in use.")
    private List<String> nodes = List.of();

    public NodeInspect(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        List<Value> found = new ArrayList<>();
        ExitCode result = forEach(
                connection,
                nodes.isEmpty() ? List.of(SELF) : nodes,
                name -> found.add(NodeView.inspect(connection
                        .nodes()
                        .getNode(GetNodeRequest.newBuilder().setNode(name).build()))));
        output.print(out(), found);
        return result;
    }
}
