package dev.weft.controlplane.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the control plane proves who it is, and learns who others are.
 *
 * @param auditLog where refusals and privileged acts are written
 * @param nodeLifetime of the certificates that nodes get
 */
public record TrustConfig(Security security, Optional<Path> auditLog, Duration nodeLifetime) {

    /** What TCP connections are protected by. */
    public sealed interface Security {}

    /** Nothing: {@code --insecure}. */
    public record Insecure() implements Security {}

    /**
     * The authority's key is here: this control plane signs, its own certificate as well.
     *
     * @param serverNames further names and addresses that it is reached by
     * @param authorities certificates of authorities that are believed; empty: of this one
     */
    public record WithAuthority(Path directory, List<String> serverNames, Optional<Path> authorities)
            implements Security {
        public WithAuthority {
            serverNames = List.copyOf(serverNames);
        }
    }

    /**
     * A certificate that was issued elsewhere.
     *
     * @param authorities certificates of authorities that are believed
     * @param authorityDirectory where the authority's key is, if this control plane signs for others
     */
    public record WithCertificate(Path certificate, Path key, Path authorities, Optional<Path> authorityDirectory)
            implements Security {}

    /** Where the authority's key is, if it is here. */
    public Optional<Path> authorityDirectory() {
        return switch (security) {
            case Insecure _ -> Optional.empty();
            case WithAuthority(Path directory, var _, var _) -> Optional.of(directory);
            case WithCertificate with -> with.authorityDirectory();
        };
    }
}
