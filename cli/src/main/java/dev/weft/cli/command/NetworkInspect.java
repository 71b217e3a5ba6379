package dev.weft.cli.command;

import dev.weft.api.v1.GetNetworkRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.Value;
import dev.weft.cli.view.NetworkView;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft network inspect}. */
@Command(description = "Show networks whole, with their endpoints.")
public final class NetworkInspect extends ClientCommand {

    @Mixin
    private InspectOptions output = new InspectOptions();

    @Option(names = "--node", paramLabel = "NODE", description = "Whose local network, where several have the name.")
    private String node = "";

    @Parameters(arity = "1..*", paramLabel = "NETWORK", description = "Name, id or unique prefix of an id.")
    private List<String> networks = List.of();

    public NetworkInspect(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        List<Value> found = new ArrayList<>();
        ExitCode result = forEach(
                connection,
                networks,
                reference -> found.add(NetworkView.inspect(connection
                        .networks()
                        .getNetwork(GetNetworkRequest.newBuilder()
                                .setNetwork(reference)
                                .setNode(node)
                                .build()))));
        output.print(out(), found);
        return result;
    }
}
