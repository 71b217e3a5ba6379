package dev.weft.cli.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.cli.CliException;
import dev.weft.cli.ExitCode;
import dev.weft.cli.Weft;
import dev.weft.cli.client.CallFailure;
import dev.weft.cli.client.Connection;
import dev.weft.cli.output.Durations;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Identity;
import dev.weft.trust.Keys;
import dev.weft.trust.PemFiles;
import dev.weft.trust.Role;
import dev.weft.trust.SigningRequests;
import dev.weft.trust.TrustException;
import dev.weft.trust.v1.IssueCertificateRequest;
import dev.weft.trust.v1.IssueCertificateResponse;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft ca issue}. The private key is made here and goes nowhere. */
@Command(
        description = {
            "Issue a certificate: for a user, through a control plane, or with the authority's own directory; for a control"
                    + " plane, with the directory.",
            "Writes NAME.crt, NAME.key (0600) and the authority's ca.crt."
        })
public final class CaIssue implements Callable<Integer> {

    private static final java.time.Duration USER_LIFETIME = java.time.Duration.ofDays(90);
    private static final java.time.Duration CONTROL_PLANE_LIFETIME = java.time.Duration.ofDays(365);

    /** Whose certificate. */
    private enum Kind {
        USER,
        CONTROL_PLANE
    }

    @Parameters(index = "0", paramLabel = "user|control-plane", description = "Whose certificate.")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Of the user, or the control plane's host.")
    private String name = "";

    @Option(names = "--role", paramLabel = "ROLE", description = "Of a user: admin, operator or viewer.")
    private String role = "";

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            split = ",",
            description = "Of a control plane: names and addresses that it is reached by.")
    private List<String> serverNames = List.of();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The authority's directory; without it a control plane is asked.")
    private String directory = "";

    @Option(names = "--out", paramLabel = "DIR", description = "Where to write. Default: here.")
    private Path out = Path.of("");

    @Option(
            names = "--lifetime",
            paramLabel = "DURATION",
            description = "How long it is good: 12h, 90d. Default: 90d, of a control plane's 365d.")
    private String lifetime = "";

    private final Weft weft;

    public CaIssue(Weft weft) {
        this.weft = weft;
    }

    /** What was issued, and by whom. */
    private record Issued(X509Certificate certificate, X509Certificate authority) {}

    @Override
    public Integer call() {
        Kind whose = switch (kind) {
            case "user" -> Kind.USER;
            case "control-plane" -> Kind.CONTROL_PLANE;
            default -> throw CliException.usage("'" + kind + "' should be user or control-plane");
        };
        Optional<Duration> life =
                lifetime.isEmpty() ? Optional.empty() : Optional.of(Durations.parse("--lifetime", lifetime));
        Path keyFile = out.resolve(name + ".key");
        Path certificateFile = out.resolve(name + ".crt");
        try {
            Identity identity = identity(whose);
            for (Path file : List.of(keyFile, certificateFile)) {
                if (Files.exists(file)) {
                    throw CliException.failure(file + " exists; remove it, or choose another --out");
                }
            }
            KeyPair keys = Keys.generate();
            Issued issued = directory.isEmpty()
                    ? ask(identity, keys, life)
                    : issue(
                            identity,
                            keys,
                            life.map(given -> java.time.Duration.ofSeconds(given.getSeconds()))
                                    .orElse(defaultLifetime(whose)));
            if (!out.toString().isEmpty()) {
                Files.createDirectories(out);
            }
            PemFiles.writePrivate(keyFile, PemFiles.text(keys.getPrivate()));
            PemFiles.write(certificateFile, PemFiles.text(List.of(issued.certificate())));
            PemFiles.write(
                    out.resolve(CertificateAuthority.CERTIFICATE_FILE), PemFiles.text(List.of(issued.authority())));
            weft.terminal()
                    .out()
                    .println(certificateFile + ": " + identity.subject() + ", good until "
                            + issued.certificate().getNotAfter().toInstant());
            return ExitCode.OK.code();
        } catch (TrustException e) {
            throw CliException.failure(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILURE, "writing the certificate to " + out + " failed: " + e, e);
        }
    }

    private static java.time.Duration defaultLifetime(Kind whose) {
        return whose == Kind.USER ? USER_LIFETIME : CONTROL_PLANE_LIFETIME;
    }

    private Identity identity(Kind whose) {
        return switch (whose) {
            case USER -> {
                if (role.isEmpty() || !serverNames.isEmpty()) {
                    throw CliException.usage(
                            "a user's certificate has a --role (admin, operator or viewer), and no" + " --server-name");
                }
                yield new Identity.User(name, Role.parse(role));
            }
            case CONTROL_PLANE -> {
                if (!role.isEmpty() || serverNames.isEmpty() || directory.isEmpty()) {
                    throw CliException.usage("a control plane's certificate needs --dir, the authority's directory, and"
                            + " --server-name, by which clients reach it; it has no --role");
                }
                yield new Identity.ControlPlane(name);
            }
        };
    }

    private Issued issue(Identity identity, KeyPair keys, java.time.Duration life) {
        CertificateAuthority authority = CertificateAuthority.open(Path.of(directory));
        return new Issued(
                authority.issue(keys.getPublic(), identity, serverNames, Instant.now(), life), authority.certificate());
    }

    private Issued ask(Identity identity, KeyPair keys, Optional<Duration> life) {
        if (!(identity instanceof Identity.User(String user, Role asked))) {
            throw new IllegalStateException("a control plane's certificate is issued with the directory");
        }
        try (Connection connection = weft.connect()) {
            try {
                IssueCertificateRequest.Builder request = IssueCertificateRequest.newBuilder()
                        .setUser(user)
                        .setRole(asked.text())
                        .setSigningRequest(ByteString.copyFrom(SigningRequests.create(keys)));
                life.ifPresent(request::setLifetime);
                IssueCertificateResponse answer = connection.trust().issueCertificate(request.build());
                return new Issued(
                        PemFiles.certificate(answer.getCertificate().toByteArray(), "the control plane's answer"),
                        PemFiles.certificate(answer.getAuthorities(0).toByteArray(), "the control plane's answer"));
            } catch (StatusRuntimeException e) {
                throw CallFailure.of(e, connection.address()).toException();
            }
        }
    }
}
