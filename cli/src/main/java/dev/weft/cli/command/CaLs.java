package dev.weft.cli.command;

import com.google.protobuf.Timestamp;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.Times;
import dev.weft.cli.output.Value;
import dev.weft.trust.v1.Certificate;
import dev.weft.trust.v1.ListCertificatesRequest;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weft ca ls}. */
@Command(
        aliases = "list",
        description = "List certificates that control planes have issued, and what is revoked, until it expires.")
public final class CaLs extends ClientCommand {

    private static final List<OutputOptions.Column> COLUMNS = List.of(
            new OutputOptions.Column("SERIAL", "Serial"),
            new OutputOptions.Column("SUBJECT", "Subject"),
            new OutputOptions.Column("ROLE", "Role"),
            new OutputOptions.Column("ISSUED", "Issued"),
            new OutputOptions.Column("EXPIRES", "Expires"),
            new OutputOptions.Column("STATUS", "Status"));

    @Mixin
    private OutputOptions output = new OutputOptions();

    public CaLs(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        Instant now = Instant.now();
        List<OutputOptions.Row> rows =
                connection
                        .trust()
                        .listCertificates(ListCertificatesRequest.getDefaultInstance())
                        .getCertificatesList()
                        .stream()
                        .map(certificate -> new OutputOptions.Row(value(certificate, now), value(certificate, now)))
                        .toList();
        output.print(out(), "Serial", COLUMNS, rows);
        return ExitCode.OK;
    }

    private static Value.Fields value(Certificate certificate, Instant now) {
        return Value.object()
                .put("Serial", certificate.getSerial().isEmpty() ? "(all until then)" : certificate.getSerial())
                .put("Subject", certificate.getSubject())
                .put("Role", certificate.getRole())
                .put("Issued", time(certificate.hasIssueTime(), certificate.getIssueTime()))
                .put("Expires", time(certificate.hasExpireTime(), certificate.getExpireTime()))
                .put("Status", status(certificate, now))
                .build();
    }

    private static String status(Certificate certificate, Instant now) {
        if (certificate.hasRevokeTime()) {
            return "revoked " + time(true, certificate.getRevokeTime());
        }
        return now.isAfter(Times.instant(certificate.getExpireTime())) ? "expired" : "good";
    }

    private static String time(boolean present, Timestamp time) {
        return present
                ? Times.instant(time)
                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        .toString()
                : "";
    }
}
