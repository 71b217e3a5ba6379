package dev.weft.controlplane.testing;

import dev.weft.config.HostPort;
import dev.weft.controlplane.ControlPlane;
import dev.weft.controlplane.config.ControlPlaneConfig;
import dev.weft.controlplane.config.TrustConfig;
import dev.weft.controlplane.ipam.LeakPolicy;
import dev.weft.controlplane.store.config.StoreConfig;
import dev.weft.ops.OperationsConfig;
import dev.weft.trust.CertificateAuthority;
import dev.weft.trust.Identity;
import dev.weft.trust.KeyAndChain;
import dev.weft.trust.Keys;
import dev.weft.trust.OwnKeyManager;
import dev.weft.trust.Role;
import dev.weft.trust.TrustManagers;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** A whole control plane that listens with TLS, and whoever wants to talk to it. */
public final class SecureControlPlane implements AutoCloseable {

    private final CertificateAuthority authority;
    private final Path auditLog;
    private final ControlPlane controlPlane;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final int httpPort;

    /**
     * @param authority in {@code directory/ca}
     * @param directory for its sockets and logs
     */
    public SecureControlPlane(
            CertificateAuthority authority, Path authorityDirectory, StoreConfig store, Path directory, int httpPort)
            throws IOException {
        this(
                authority,
                new TrustConfig.WithAuthority(authorityDirectory, List.of(), Optional.empty()),
                store,
                directory,
                httpPort);
    }

    public SecureControlPlane(
            CertificateAuthority authority,
            TrustConfig.Security security,
            StoreConfig store,
            Path directory,
            int httpPort)
            throws IOException {
        this.authority = authority;
        this.auditLog = directory.resolve("audit.log");
        this.httpPort = httpPort;
        this.controlPlane = ControlPlane.start(new ControlPlaneConfig(
                store,
                "test",
                Optional.of(new HostPort("127.0.0.1", 0)),
                httpPort == 0 ? Optional.empty() : Optional.of(new HostPort("127.0.0.1", httpPort)),
                directory.resolve("run"),
                LeakPolicy.DEFAULT.grace(),
                new TrustConfig(security, Optional.of(auditLog), Duration.ofDays(1)),
                Optional.empty(),
                Optional.empty(),
                OperationsConfig.DEFAULT));
    }

    public Path auditLog() {
        return auditLog;
    }

    public int port() {
        return controlPlane.port();
    }

    public int httpPort() {
        return httpPort;
    }

    /** A certificate that counts for an hour. */
    public KeyAndChain certificate(Identity identity) {
        return certificate(authority, identity, Instant.now(), Duration.ofHours(1));
    }

    public KeyAndChain certificate(Identity identity, Instant begin, Duration lifetime) {
        return certificate(authority, identity, begin, lifetime);
    }

    public static KeyAndChain certificate(
            CertificateAuthority authority, Identity identity, Instant begin, Duration lifetime) {
        KeyPair keys = Keys.generate();
        return new KeyAndChain(
                keys.getPrivate(), List.of(authority.issue(keys.getPublic(), identity, List.of(), begin, lifetime)));
    }

    public ManagedChannel node(String name) {
        return channel(certificate(new Identity.Node(name, Optional.empty())));
    }

    public ManagedChannel user(Role role) {
        return channel(certificate(new Identity.User("somebody", role)));
    }

    public ManagedChannel stranger() {
        return channel(Optional.empty(), authority.certificate(), "127.0.0.1");
    }

    public ManagedChannel channel(KeyAndChain own) {
        return channel(Optional.of(own), authority.certificate(), "127.0.0.1");
    }

    /**
     * @param believed the authority that the server's certificate should be of
     * @param dialled the name that it should be for
     */
    public ManagedChannel channel(Optional<KeyAndChain> own, X509Certificate believed, String dialled) {
        SslContextBuilder context =
                SslContextBuilder.forClient().trustManager(TrustManagers.ofServers(List.of(believed)));
        own.ifPresent(material -> context.keyManager(new OwnKeyManager(() -> material)));
        try {
            return opened(NettyChannelBuilder.forAddress("127.0.0.1", port())
                    .overrideAuthority(dialled)
                    .sslContext(GrpcSslContexts.configure(context, SslProvider.JDK)
                            .protocols("TLSv1.3")
                            .build())
                    .build());
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
    }

    public ManagedChannel plain() {
        return opened(NettyChannelBuilder.forAddress("127.0.0.1", port())
                .usePlaintext()
                .build());
    }

    private ManagedChannel opened(ManagedChannel channel) {
        channels.add(channel);
        return channel;
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        controlPlane.close();
    }
}
