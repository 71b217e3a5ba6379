package dev.weft.cli.command;

import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.trust.v1.WithdrawJoinTokenRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft node token rm}. */
@Command(aliases = "remove", description = "Withdraw tokens that nobody has used: no host can join with them any more.")
public final class TokenRm extends ClientCommand {

    @Parameters(
            arity = "1..*",
            paramLabel = "ID",
            description = "As weft node token ls shows it, or the beginning of it that no other token has.")
    private List<String> tokens = List.of();

    public TokenRm(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        return forEach(
                connection,
                tokens,
                token -> out().println(connection
                        .trust()
                        .withdrawJoinToken(WithdrawJoinTokenRequest.newBuilder()
                                .setId(token)
                                .build())
                        .getId()));
    }
}
