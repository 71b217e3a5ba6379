package dev.weft.cli.client;

import dev.weft.cli.CliException;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.OwnKeyManager;
import dev.weft.trust.PemFiles;
import dev.weft.trust.TrustException;
import dev.weft.trust.TrustManagers;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;

/** What a connection by TCP is made with. */
public sealed interface Credentials {

    /** Nobody has said anything: a unix socket needs none, and TCP is not dialled. */
    record None() implements Credentials {}

    /** No TLS: {@code --insecure}. */
    record Insecure() implements Credentials {}

    /**
     * TLS with a certificate.
     *
     * @param authorities certificates that the control plane's is believed by
     */
    record Certificate(Path authorities, Path certificate, Path key) implements Credentials {

        /**
         * @param now what the certificate's time is compared with
         * @throws CliException if a file cannot be used, or the certificate cannot count
         */
        SslContext context(Instant now) {
            try {
                List<X509Certificate> believed = PemFiles.certificates(authorities);
                KeyAndChain own = PemFiles.keyAndChain(certificate, key);
                requireUsable(own.certificate(), believed, now);
                return GrpcSslContexts.configure(
                                SslContextBuilder.forClient()
                                        .trustManager(TrustManagers.ofServers(believed))
                                        .keyManager(new OwnKeyManager(() -> own)),
                                SslProvider.JDK)
                        .protocols("TLSv1.3")
                        .build();
            } catch (TrustException e) {
                throw CliException.failure(String.valueOf(e.getMessage()));
            } catch (SSLException e) {
                throw new IllegalStateException("every JDK has TLS 1.3", e);
            }
        }

        private void requireUsable(X509Certificate own, List<X509Certificate> believed, Instant now) {
            Instant begin = own.getNotBefore().toInstant();
            Instant end = own.getNotAfter().toInstant();
            if (now.isAfter(end)) {
                throw CliException.failure("the certificate " + certificate + " expired at " + end
                        + ": have another issued with weft ca issue, or look at this host's clock");
            }
            if (now.isBefore(begin)) {
                throw CliException.failure("the certificate " + certificate + " is not valid before " + begin
                        + ", and it is " + now + " here: look at this host's clock");
            }
            if (believed.stream().noneMatch(authority -> isSignedBy(own, authority))) {
                throw CliException.failure("the certificate " + certificate + " is not of the authority in "
                        + authorities + ": give the two of one cluster, with --cert and --ca");
            }
        }

        private static boolean isSignedBy(X509Certificate own, X509Certificate authority) {
            try {
                own.verify(authority.getPublicKey());
                return true;
            } catch (GeneralSecurityException e) {
                // By another, then.
                return false;
            }
        }
    }
}
