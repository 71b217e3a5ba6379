package dev.weft.cli.command;

import dev.weft.api.v1.GetSandboxRequest;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.Value;
import dev.weft.cli.view.SandboxView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft sandbox inspect}. */
@Command(description = "Show sandboxes whole, with their endpoints.")
public final class SandboxInspect extends ClientCommand {

    @Mixin
    private InspectOptions output = new InspectOptions();

    @Parameters(arity = "1..*", paramLabel = "SANDBOX", description = "Name, id or unique prefix of an id.")
    private List<String> sandboxes = List.of();

    public SandboxInspect(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        List<Value> found = new ArrayList<>();
        ExitCode result = forEach(
                connection,
                sandboxes,
                reference -> found.add(SandboxView.inspect(connection
                        .sandboxes(Duration.ZERO)
                        .getSandbox(GetSandboxRequest.newBuilder()
                                .setSandbox(reference)
                                .build()))));
        output.print(out(), found);
        return result;
    }
}
