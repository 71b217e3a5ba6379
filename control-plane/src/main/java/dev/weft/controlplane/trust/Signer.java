package dev.weft.controlplane.trust;

import dev.weft.controlplane.model.IssuedCertificate;
import dev.weft.controlplane.model.Revocation;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Identity;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The cluster's authority, at a control plane that has its key. */
public final class Signer {

    private final CertificateAuthority authority;
    private final Revocations revocations;
    private final Clock clock;

    public Signer(CertificateAuthority authority, Revocations revocations, Clock clock) {
        this.authority = authority;
        this.revocations = revocations;
        this.clock = clock;
    }

    public X509Certificate authority() {
        return authority.certificate();
    }

    /** Issues a certificate that counts, also right after all that the subject had was revoked. */
    X509Certificate issue(PublicKey key, Identity identity, List<String> serverNames, Duration lifetime) {
        Instant now = clock.instant();
        Instant begin = revocations
                .ofSubject(identity.subject())
                .map(Revocation::revokeTime)
                .map(time -> time.plusSeconds(1))
                .filter(now::isBefore)
                .orElse(now);
        return authority.issue(key, identity, serverNames, begin, lifetime);
    }

    static IssuedCertificate record(Identity identity, X509Certificate certificate) {
        return new IssuedCertificate(
                identity,
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }
}
