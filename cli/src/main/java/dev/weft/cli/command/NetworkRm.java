package dev.weft.cli.command;

import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.CallFailure;
import dev.weft.cli.client.Connection;
import io.grpc.StatusRuntimeException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft network rm}. */
@Command(aliases = "remove", description = "Remove networks that have no endpoints.")
public final class NetworkRm extends ClientCommand {

    @Option(
            names = {"-f", "--force"},
            description = "No error for a network that does not exist.")
    private boolean force;

    @Option(names = "--node", paramLabel = "NODE", description = "Whose local network, where several have the name.")
    private String node = "";

    @Parameters(arity = "1..*", paramLabel = "NETWORK", description = "Name, id or unique prefix of an id.")
    private List<String> networks = List.of();

    public NetworkRm(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        return forEach(connection, networks, reference -> remove(connection, reference));
    }

    private void remove(Connection connection, String reference) {
        try {
            var _ = connection
                    .networks()
                    .deleteNetwork(DeleteNetworkRequest.newBuilder()
                            .setNetwork(reference)
                            .setNode(node)
                            .build());
            out().println(reference);
        } catch (StatusRuntimeException e) {
            if (!(force && CallFailure.of(e, connection.address()).isNotFound())) {
                throw e;
            }
        }
    }
}
