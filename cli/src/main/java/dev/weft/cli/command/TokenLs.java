package dev.weft.cli.command;

import com.google.protobuf.Timestamp;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.Times;
import dev.weft.cli.output.Value;
import dev.weft.trust.v1.JoinToken;
import dev.weft.trust.v1.ListJoinTokensRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft node token ls}. */
@Command(aliases = "list", description = "List the tokens that hosts can join with, without their secrets.")
public final class TokenLs extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("ID", "ID"),
            new OutputOptions.Column("NODE", "Node"),
            new OutputOptions.Column("SOCKET ROLE", "SocketRole"),
            new OutputOptions.Column("MADE BY", "Creator"),
            new OutputOptions.Column("MADE", "Created"),
            new OutputOptions.Column("EXPIRES", "Expires"),
            new OutputOptions.Column("STATUS", "Status"));

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(
            names = {"-a", "--all"},
            description = "Also those that are used or have expired, as long as they are kept.")
    private boolean all;

    public TokenLs(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        Instant now = Instant.now();
        List<OutputOptions.Row> rows =
                connection.trust().listJoinTokens(ListJoinTokensRequest.getDefaultInstance()).getTokensList().stream()
                        .filter(token -> all || (!token.hasUseTime() && !expired(token, now)))
                        .map(token -> new OutputOptions.Row(value(token, now), value(token, now)))
                        .toList();
        output.print(out(), "ID", COLUMNS, rows);
        return ExitCode.OK;
    }

    private static Value.Fields value(JoinToken token, Instant now) {
        return Value.object()
                .put("ID", token.getId())
                .put("Node", token.getNode().isEmpty() ? "(any new one)" : token.getNode())
                .put("SocketRole", token.getSocketRole())
                .put("Creator", token.getCreator())
                .put("Created", time(token.getCreateTime()))
                .put("Expires", time(token.getExpireTime()))
                .put("Status", status(token, now))
                .build();
    }

    private static String status(JoinToken token, Instant now) {
        if (token.hasUseTime()) {
            return "used " + time(token.getUseTime()) + " by " + token.getUsedBy();
        }
        return expired(token, now) ? "expired" : "good";
    }

    private static boolean expired(JoinToken token, Instant now) {
        return !now.isBefore(Times.instant(token.getExpireTime()));
    }

    private static String time(Timestamp time) {
        return Times.instant(time).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
