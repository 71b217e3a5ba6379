package dev.weft.cli.command;

import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.Connection;
import dev.weft.trust.v1.RevokeCertificateRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code weft ca revoke}. */
@Command(
        description =
                "Revoke certificates: no control plane accepts them any more, and connections with them are closed.")
public final class CaRevoke extends ClientCommand {

    @Parameters(
            arity = "1..*",
            paramLabel = "SERIAL|NAME",
            description =
                    "A serial number; or node/NAME, user/NAME, or a name that only one of them has: all that it has"
                            + " up to now.")
    private List<String> certificates = List.of();

    public CaRevoke(Weft weft) {
        super(weft);
    }

    @Override
    ExitCode execute(Connection connection) {
        return forEach(
                connection,
                certificates,
                certificate -> out().println(connection
                        .trust()
                        .revokeCertificate(RevokeCertificateRequest.newBuilder()
                                .setCertificate(certificate)
                                .build())
                        .getRevoked()));
    }
}
