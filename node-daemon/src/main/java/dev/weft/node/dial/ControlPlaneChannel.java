package dev.weft.node.dial;

import dev.weft.trust.KeyAndChain;
import dev.weft.trust.OwnKeyManager;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/** How the control plane is dialled. */
public final class ControlPlaneChannel {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private ControlPlaneChannel() {}

    /** By a unix socket, or by TCP without TLS. */
    public static NettyChannelBuilder plain(ControlPlaneTarget target, EventLoopGroup loops) {
        return builder(target, loops).usePlaintext();
    }

    /**
     * With TLS 1.3.
     *
     * @param believed which control planes are believed to be one
     * @param own what this node shows; asked for each connection, so that a new certificate is used by the next one
     */
    public static NettyChannelBuilder secure(
            ControlPlaneTarget target,
            EventLoopGroup loops,
            X509ExtendedTrustManager believed,
            Optional<? extends Supplier<KeyAndChain>> own) {
        SslContextBuilder context = SslContextBuilder.forClient().trustManager(believed);
        own.ifPresent(source -> context.keyManager(new OwnKeyManager(source::get)));
        try {
            return builder(target, loops)
                    .sslContext(GrpcSslContexts.configure(context, SslProvider.JDK)
                            .protocols("TLSv1.3")
                            .build());
        } catch (SSLException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    private static NettyChannelBuilder builder(ControlPlaneTarget target, EventLoopGroup loops) {
        NettyChannelBuilder builder = switch (target) {
            case ControlPlaneTarget.Replicas(ReplicaAddresses replicas) ->
                NettyChannelBuilder.forTarget(ReplicaAddresses.TARGET)
                        .setNameResolverArg(ReplicaAddresses.ARGUMENT, replicas)
                        // A replica whose host is gone says nothing: the next one should not wait long for that.
                        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                        .channelType(NioSocketChannel.class);
            case ControlPlaneTarget.UnixSocket(Path path) ->
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(path))
                        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                        .overrideAuthority("localhost");
        };
        return builder.eventLoopGroup(loops)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                // The control plane is reached directly, whatever proxy the environment names for the web.
                .proxyDetector(_ -> null)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true);
    }
}
