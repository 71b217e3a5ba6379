package dev.weft.controlplane.trust;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.Transaction;
import dev.weft.trust.Certificates;
import dev.weft.trust.Identity;
import dev.weft.trust.KeyAndChain;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a control plane that has the authority's key: made by itself, in memory only, and made anew when two
 * thirds of its life are over.
 */
public final class OwnCertificate implements Supplier<KeyAndChain> {

    private static final Logger LOG = LoggerFactory.getLogger(OwnCertificate.class);
    private static final Duration LIFETIME = Duration.ofDays(7);

    private final Signer signer;
    private final Identity.ControlPlane identity;
    private final List<String> serverNames;
    private final Store store;
    private final Clock clock;
    private Optional<KeyAndChain> newest = Optional.empty();

    /** @param serverNames names and addresses that this control plane is reached by */
    public OwnCertificate(
            Signer signer, Identity.ControlPlane identity, List<String> serverNames, Store store, Clock clock) {
        this.signer = signer;
        this.identity = identity;
        this.serverNames = List.copyOf(serverNames);
        this.store = store;
        this.clock = clock;
    }

    @Override
    public synchronized KeyAndChain get() {
        KeyAndChain current = newest.filter(material -> clock.instant().isBefore(material.renewalTime()))
                .orElseGet(this::make);
        newest = Optional.of(current);
        return current;
    }

    private KeyAndChain make() {
        KeyPair keys = dev.weft.trust.Keys.generate();
        X509Certificate certificate = signer.issue(keys.getPublic(), identity, serverNames, LIFETIME);
        try {
            store.commit(Transaction.builder()
                    .put(
                            Keys.certificate(Certificates.serial(certificate)),
                            ModelCodec.ISSUED_CERTIFICATE.encode(Signer.record(identity, certificate)))
                    .build());
        } catch (StoreException e) {
            // It counts all the same; only the list lacks it.
            LOG.warn("Could not note down this control plane's new certificate: {}", e.getMessage());
        }
        LOG.info("This control plane's certificate is for {}", String.join(", ", serverNames));
        return new KeyAndChain(keys.getPrivate(), List.of(certificate, signer.authority()));
    }
}
