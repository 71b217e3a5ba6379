package dev.weft.trust;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates the other end's is believed by. All checks of signatures and paths are the JDK's (PKIX, RFC 5280). */
public final class TrustManagers {

    /** RFC 5280 4.2.1.12. */
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    private TrustManagers() {}

    /** A client's: the server has a certificate of one of these authorities, now, for the name that was dialled. */
    public static X509ExtendedTrustManager ofServers(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(manager -> manager instanceof X509ExtendedTrustManager)
                    .map(manager -> (X509ExtendedTrustManager) manager)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("every JDK has a PKIX trust manager"));
        } catch (GeneralSecurityException | IOException e) {
            throw new TrustException("setting up TLS failed: " + e.getMessage(), e);
        }
    }

    /** The same, of the authorities that are believed when a connection is made. */
    public static X509ExtendedTrustManager ofServers(Supplier<List<X509Certificate>> authorities) {
        return new Servers(authorities);
    }

    /** A joining host's: the server shows the authority that the token names, and has a certificate of it. */
    public static X509ExtendedTrustManager ofServers(JoinToken token) {
        return new Joining(token);
    }

    /**
     * A server's: the client has a certificate that one of the authorities has signed, which are believed when the connection
     * is made, for a client. Whether it is valid
     * at this time, and not revoked, is looked at with each call, where the client can be told; here it could not.
     */
    public static X509ExtendedTrustManager ofClients(Supplier<List<X509Certificate>> authorities) {
        return new Clients(authorities);
    }

    private abstract static class Base extends X509ExtendedTrustManager {

        abstract void checkClient(X509Certificate[] chain) throws CertificateException;

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
                throws CertificateException {
            checkClient(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
                throws CertificateException {
            checkClient(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            checkClient(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this end trusts no server by its certificate alone");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static final class Clients extends Base {

        private final Supplier<List<X509Certificate>> authorities;

        Clients(Supplier<List<X509Certificate>> authorities) {
            this.authorities = authorities;
        }

        @Override
        void checkClient(X509Certificate[] chain) throws CertificateException {
            X509Certificate certificate = chain[0];
            List<String> usages = certificate.getExtendedKeyUsage();
            if (usages == null || !usages.contains(CLIENT_AUTHENTICATION)) {
                throw new CertificateException("the certificate is not for a client");
            }
            try {
                PKIXParameters parameters = new PKIXParameters(authorities.get().stream()
                        .map(authority -> new TrustAnchor(authority, null))
                        .collect(Collectors.toSet()));
                parameters.setRevocationEnabled(false);
                // A time at which it is valid; the present one is compared with each call.
                parameters.setDate(new Date(certificate.getNotBefore().getTime()));
                CertPathValidator.getInstance("PKIX")
                        .validate(
                                CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
                                parameters);
            } catch (GeneralSecurityException e) {
                throw new CertificateException("the certificate is not of this cluster's authority", e);
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authorities.get().toArray(X509Certificate[]::new);
        }
    }

    private static final class Servers extends Base {

        /** Made of the authorities that were believed last. */
        private record Made(List<X509Certificate> authorities, X509ExtendedTrustManager manager) {

            static Made of(List<X509Certificate> authorities) {
                return new Made(authorities, ofServers(authorities));
            }
        }

        private final Supplier<List<X509Certificate>> source;
        private final AtomicReference<Made> last;

        Servers(Supplier<List<X509Certificate>> source) {
            this.source = source;
            this.last = new AtomicReference<>(Made.of(source.get()));
        }

        private X509ExtendedTrustManager manager() {
            List<X509Certificate> authorities = source.get();
            Made known = last.get();
            if (known.authorities().equals(authorities)) {
                return known.manager();
            }
            Made anew = Made.of(authorities);
            last.set(anew);
            return anew.manager();
        }

        @Override
        void checkClient(X509Certificate[] chain) throws CertificateException {
            throw new CertificateException("this end is a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
                throws CertificateException {
            manager().checkServerTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
                throws CertificateException {
            manager().checkServerTrusted(chain, authType, socket);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return manager().getAcceptedIssuers();
        }
    }

    private static final class Joining extends Base {

        private final JoinToken token;

        Joining(JoinToken token) {
            this.token = token;
        }

        @Override
        void checkClient(X509Certificate[] chain) throws CertificateException {
            throw new CertificateException("this end is a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
                throws CertificateException {
            List<X509Certificate> named =
                    Arrays.stream(chain).filter(token::isOf).toList();
            if (named.isEmpty()) {
                throw new CertificateException("the control plane's authority is not the one that the token names");
            }
            ofServers(named).checkServerTrusted(chain, authType, engine);
        }
    }
}
