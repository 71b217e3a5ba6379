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
