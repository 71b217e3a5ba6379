package dev.weft.cli.command;

import dev.weft.api.v1.Leak;
import dev.weft.api.v1.ListLeaksRequest;
import dev.weft.api.v1.ListLeaksResponse;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.view.IpamView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weft ipam leaks}. */
@Command(description = "List leases that nobody seems to need, why, and when they are released.")
public final class IpamLeaks extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("NETWORK", "Network"),
            new OutputOptions.Column("ADDRESS", "Address"),
            new OutputOptions.Column("ENDPOINT", "Endpoint"),
            new OutputOptions.Column("NODE", "Node"),
            new OutputOptions.Column("REASON", "Reason"),
            new OutputOptions.Column("FIRST SEEN", "FirstSeen"),
            new OutputOptions.Column("RELEASED AT", "Release"),
            new OutputOptions.Column("EVIDENCE", "Evidence"));

    @Mixin
    private OutputOptions output = new OutputOptions();

    public IpamLeaks(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        Instant now = Instant.now();
        output.print(
                out(),
                "Address",
                COLUMNS,
                list(connection).stream()
                        .map(leak -> new OutputOptions.Row(
                                IpamView.row(leak, output.wholeIds(), now), IpamView.inspect(leak)))
                        .toList());
        return ExitCode.OK;
    }

    private static List<Leak> list(Connection connection) {
        List<Leak> leaks = new ArrayList<>();
        String pageToken = "";
        do {
            ListLeaksResponse page = connection
                    .ipam()
                    .listLeaks(ListLeaksRequest.newBuilder()
                            .setPageToken(pageToken)
                            .build());
            leaks.addAll(page.getLeaksList());
            pageToken = page.getNextPageToken();
        } while (!pageToken.isEmpty());
        return leaks;
    }
}
