package dev.weft.controlplane.cluster.grpc;

import dev.weft.trust.KeyAndChain;
import dev.weft.trust.OwnKeyManager;
import dev.weft.trust.TrustManagers;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * What a replica shows to another, and whom it believes there.
 *
 * @param own asked at each handshake
 * @param authorities asked at each handshake
 */
public record ReplicaTls(Supplier<KeyAndChain> own, Supplier<List<X509Certificate>> authorities) {

    SslContext context() {
        try {
            return GrpcSslContexts.configure(
                            SslContextBuilder.forClient()
                                    .keyManager(new OwnKeyManager(own))
                                    .trustManager(TrustManagers.ofServers(authorities)),
                            SslProvider.JDK)
                    .protocols("TLSv1.3")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }
}
