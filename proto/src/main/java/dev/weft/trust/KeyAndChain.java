package dev.weft.trust;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What one end of a connection proves its identity with.
 *
 * @param chain the certificate of the key, then that of the authority, if it is sent along
 */
public record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {

    public KeyAndChain {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a key needs a certificate");
        }
    }

    /** The same with the certificate of its authority, if that is among these: joining hosts look for it. */
    public KeyAndChain sentWith(List<X509Certificate> authorities) {
        return authorities.stream()
                .filter(authority ->
                        authority.getSubjectX500Principal().equals(certificate().getIssuerX500Principal()))
                .filter(_ -> chain.size() == 1)
                .findFirst()
                .map(authority -> new KeyAndChain(key, List.of(certificate(), authority)))
                .orElse(this);
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** When it should be renewed: at two thirds of its life, so that a third is left for trying. */
    public Instant renewalTime() {
        Instant begin = certificate().getNotBefore().toInstant();
        Instant end = certificate().getNotAfter().toInstant();
        return begin.plus(Duration.between(begin, end).multipliedBy(2).dividedBy(3));
    }
}
