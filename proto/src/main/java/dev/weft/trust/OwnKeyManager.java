package dev.weft.trust;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Proves one's own identity with the newest key: a renewed certificate counts from the next connection on. */
public final class OwnKeyManager extends X509ExtendedKeyManager {

    /** The handshake asks for a name first and for what it stands for later; the two must not be of different keys. */
    private static final ThreadLocal<@Nullable KeyAndChain> CHOSEN = new ThreadLocal<>();

    private static final String ALIAS = "weft";

    private final Supplier<KeyAndChain> source;

    public OwnKeyManager(Supplier<KeyAndChain> source) {
        this.source = source;
    }

    private @Nullable String choose(String... keyTypes) {
        KeyAndChain newest = source.get();
        for (String type : keyTypes) {
            if (type.equals(newest.key().getAlgorithm())) {
                CHOSEN.set(newest);
                return ALIAS;
            }
        }
        return null;
    }

    private KeyAndChain chosen() {
        KeyAndChain chosen = CHOSEN.get();
        return chosen == null ? source.get() : chosen;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chosen().chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return chosen().key();
    }
}
