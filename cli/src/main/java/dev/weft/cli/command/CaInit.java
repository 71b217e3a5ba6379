package dev.weft.cli.command;

import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Certificates;
import dev.weft.trust.TrustException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weft ca init}. */
@Command(
        description = "Make a cluster's certificate authority: a key and its certificate, in a directory of their own.")
public final class CaInit implements Callable<Integer> {

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            required = true,
            description =
                    "Made if it is not there (0700). Whoever has the key in it may become anybody in the cluster.")
    private Path directory = Path.of("");

    @Option(names = "--cluster-name", paramLabel = "NAME", description = "For people. Default: weft.")
    private String clusterName = "weft";

    private final Weft weft;

    public CaInit(Weft weft) {
        this.weft = weft;
    }

    @Override
    public Integer call() {
        if (!clusterName.matches("[a-zA-Z0-9._-]{1,63}")) {
            throw CliException.usage("invalid --cluster-name '" + clusterName
                    + "': it should be 1 to 63 letters, digits, '.', '_' and '-'");
        }
        try {
            CertificateAuthority made = CertificateAuthority.init(directory, clusterName, Instant.now());
            weft.terminal()
                    .out()
                    .println(directory.resolve(CertificateAuthority.CERTIFICATE_FILE) + ": "
                            + Certificates.fingerprintText(made.certificate()) + ", good until "
                            + made.certificate().getNotAfter().toInstant());
            return ExitCode.OK.code();
        } catch (TrustException e) {
            throw CliException.failure(String.valueOf(e.getMessage()));
        }
    }
}
