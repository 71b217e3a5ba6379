package dev.weft.controlplane.config;

import dev.weft.config.ConfigException;
import dev.weft.controlplane.config.TrustConfig.Security;
import dev.weft.controlplane.model.IssuedCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of the command line that is about who may connect. */
final class TrustOptions {

    @Option(
            names = "--ca-dir",
            paramLabel = "DIR",
            description =
                    "The cluster's certificate authority, as weft ca init makes it: this control plane signs with it,"
                            + " its own certificate as well unless --tls-cert gives one.")
    private @Nullable Path authorityDirectory;

    @Option(
            names = "--server-name",
            paramLabel = "NAME[,...]",
            defaultValue = "",
            description =
                    "With --ca-dir: further names and addresses that clients reach this control plane by; those of"
                            + " --listen, of the host, and localhost are in its certificate anyway.")
    private String serverNames = "";

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "This control plane's certificate (PEM), from weft ca issue control-plane. Read again when it"
                    + " changes, as the next.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key (PEM, mode 0600).")
    private @Nullable Path key;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Certificates of the authorities whose certificates count (PEM). Read again when it changes."
                    + " Default: that in --ca-dir.")
    private @Nullable Path authorities;

    @Option(
            names = "--insecure",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "BOOL",
            description = "Listen on TCP without TLS: whoever reaches the port may do everything, commands on the nodes"
                    + " included.")
    private boolean insecure;

    @Option(
            names = "--node-certificate-lifetime",
            paramLabel = "DURATION",
            defaultValue = "720h",
            description =
                    "Of the certificates that nodes get; they renew them by themselves (default: ${DEFAULT-VALUE}).")
    private String nodeLifetime = "";

    @Option(
            names = "--audit-log",
            paramLabel = "FILE",
            description = "Where refusals and privileged acts are written, a JSON object a line."
                    + " Default: audit.log in the state directory.")
    private @Nullable Path auditLog;

    TrustOptions() {}

    /**
     * @param listens whether anything listens on TCP
     * @throws ConfigException if it does, and nothing says how it is protected
     */
    TrustConfig toConfig(boolean listens, Path stateDirectory) {
        return new TrustConfig(
                security(listens),
                Optional.of(
                        auditLog == null
                                ? stateDirectory.toAbsolutePath().resolve("audit.log")
                                : auditLog.toAbsolutePath()),
                lifetime());
    }

    private Duration lifetime() {
        Duration lifetime = ControlPlaneOptions.duration("node-certificate-lifetime", nodeLifetime);
        if (lifetime.compareTo(Duration.ofSeconds(10)) < 0) {
            throw new ConfigException("option node-certificate-lifetime: " + nodeLifetime + " should be 10s or more");
        }
        if (lifetime.compareTo(IssuedCertificate.LONGEST_LIFETIME) > 0) {
            throw new ConfigException("option node-certificate-lifetime: " + nodeLifetime + " should be at most "
                    + IssuedCertificate.LONGEST_LIFETIME.toHours() + "h");
        }
        return lifetime;
    }

    private Security security(boolean listens) {
        if (insecure) {
            if (authorityDirectory != null || certificate != null || key != null || authorities != null) {
                throw new ConfigException(
                        "option insecure: it goes with none of ca-dir, tls-cert, tls-key and tls-ca: take it away, or them");
            }
            return new TrustConfig.Insecure();
        }
        if (certificate != null || key != null) {
            return withCertificate();
        }
        if (authorityDirectory != null) {
            return new TrustConfig.WithAuthority(
                    authorityDirectory.toAbsolutePath(),
                    Arrays.stream(serverNames.split(",", -1))
                            .map(String::strip)
                            .filter(name -> !name.isEmpty())
                            .toList(),
                    Optional.ofNullable(authorities).map(Path::toAbsolutePath));
        }
        if (listens) {
            throw new ConfigException("option listen: nothing protects this port: make an authority with weft ca init"
                    + " --dir DIR and give --ca-dir DIR; or give --tls-cert, --tls-key and --tls-ca; or --listen none to"
                    + " serve this host's unix socket only; or --insecure, if whoever reaches the port may run"
                    + " commands on the nodes");
        }
        return new TrustConfig.Insecure();
    }

    private Security withCertificate() {
        if (certificate == null || key == null) {
            throw new ConfigException("option " + (key == null ? "tls-key" : "tls-cert")
                    + ": a certificate and its key go together: give both");
        }
        Optional<Path> directory = Optional.ofNullable(authorityDirectory).map(Path::toAbsolutePath);
        Path trusted = Optional.ofNullable(authorities)
                .map(Path::toAbsolutePath)
                .or(() -> directory.map(path -> path.resolve("ca.crt")))
                .orElseThrow(
                        () -> new ConfigException("option tls-ca: say whose certificates count: the cluster's ca.crt"));
        return new TrustConfig.WithCertificate(certificate.toAbsolutePath(), key.toAbsolutePath(), trusted, directory);
    }
}
