package dev.weft.controlplane.api.grpc;

import dev.weft.trust.KeyAndChain;
import dev.weft.trust.OwnKeyManager;
import dev.weft.trust.TrustManagers;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** How connections by TCP are protected. */
public sealed interface Protection {

    /** Not at all: whoever reaches the port may do everything. */
    record None() implements Protection {}

    /**
     * TLS 1.3; the other end shows a certificate of one of the authorities, or none, and then may only join.
     *
     * @param own asked at each handshake
     * @param authorities asked at each handshake
     */
    record Tls(Supplier<KeyAndChain> own, Supplier<List<X509Certificate>> authorities) implements Protection {

        SslContext context() {
            try {
                return GrpcSslContexts.configure(
                                SslContextBuilder.forServer(new OwnKeyManager(own))
                                        .trustManager(TrustManagers.ofClients(authorities)),
                                SslProvider.JDK)
                        .protocols("TLSv1.3")
                        .clientAuth(ClientAuth.OPTIONAL)
                        .build();
            } catch (SSLException e) {
                throw new IllegalStateException("every JDK has TLS 1.3", e);
            }
        }
    }
}
