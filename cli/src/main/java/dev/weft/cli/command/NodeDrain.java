package dev.weft.cli.command;

import dev.weft.api.v1.DrainNodeRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft node drain}. */
@Command(description = "Let no new sandboxes come to nodes; what is there stays.")
public final class NodeDrain extends ClientCommand {

    @Option(names = "--undo", description = "New sandboxes may come again.")
    private boolean undo;

    @Parameters(arity = "1..*", paramLabel = "NODE", description = "Names.")
    private List<String> nodes = List.of();

    public NodeDrain(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        return forEach(connection, nodes, name -> {
            var _ = connection
                    .nodes()
                    .drainNode(DrainNodeRequest.newBuilder()
                            .setNode(name)
                            .setUndo(undo)
                            .build());
            out().println(name);
        });
    }
}
