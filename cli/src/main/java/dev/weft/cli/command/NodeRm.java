package dev.weft.cli.command;

import dev.weft.api.v1.RemoveNodeRequest;
import dev.weft.api.v1.RemoveNodeResponse;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft node rm}. */
@Command(aliases = "remove", description = "Take nodes out of the cluster, with their local networks.")
public final class NodeRm extends ClientCommand {

    /** Each sandbox is a transaction: a node with many needs a while. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Option(
            names = {"-f", "--force"},
            description = "Also nodes that are connected, or have sandboxes or networks: these go, too.")
    private boolean force;

    @Parameters(arity = "1..*", paramLabel = "NODE", description = "Names.")
    private List<String> nodes = List.of();

    public NodeRm(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        return forEach(connection, nodes, name -> remove(connection, name));
    }

    private void remove(Connection connection, String name) {
        RemoveNodeResponse removed;
        try (Progress _ = Progress.of(terminal(), "Removing node " + name)) {
            removed = connection
                    .nodes(PATIENCE)
                    .removeNode(RemoveNodeRequest.newBuilder()
                            .setNode(name)
                            .setForce(force)
                            .build());
        }
        out().println(name);
        if (removed.getSandboxes() + removed.getNetworks() > 0) {
            terminal()
                    .err()
                    .println("with it went " + counted(removed.getSandboxes(), "sandbox", "sandboxes") + ", "
                            + counted(removed.getEndpoints(), "endpoint", "endpoints") + ", "
                            + counted(removed.getNetworks(), "network", "networks"));
        }
    }

    private static String counted(int number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }
}
