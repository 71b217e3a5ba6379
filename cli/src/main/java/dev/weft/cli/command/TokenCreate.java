package dev.weft.cli.command;

import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.Durations;
import dev.weft.cli.output.Times;
import dev.weft.trust.v1.CreateJoinTokenRequest;
import dev.weft.trust.v1.CreateJoinTokenResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weft node token create}: the token alone on standard output, for scripts. */
@Command(description = "Make a token with which one host joins the cluster, once.")
public final class TokenCreate extends ClientCommand {

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            description = "How long it can be used: 10m, 2h, 7d. Default: 1h.")
    private String lifetime = "1h";

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "The node that may join with it, also one that has joined before. Default: any new one.")
    private String node = "";

    @Option(
            names = "--socket-role",
            paramLabel = "ROLE",
            description = "What those who use the node's own socket may do in the cluster: admin, operator or viewer."
                    + " Default: what concerns their node.")
    private String socketRole = "";

    public TokenCreate(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        CreateJoinTokenResponse made = connection
                .trust()
                .createJoinToken(CreateJoinTokenRequest.newBuilder()
                        .setNode(node)
                        .setSocketRole(socketRole)
                        .setLifetime(Durations.parse("--ttl", lifetime))
                        .build());
        out().println(made.getToken());
        out().flush();
        terminal().err().println("token " + made.getId() + ", good once, until " + Times.rfc3339(made.getExpireTime()));
        return ExitCode.OK;
    }
}
