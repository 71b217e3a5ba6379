package dev.weft.controlplane.cluster.grpc;

import dev.weft.controlplane.cluster.ForwardedCalls;
import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.cluster.ReplicaChannels;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A connection to each replica that something was passed on to; it closes by itself when it has long been idle. */
public final class GrpcReplicaChannels implements ReplicaChannels, AutoCloseable {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int IDLE_MINUTES = 5;

    private final String self;
    private final int maxMessageBytes;
    private final Optional<SslContext> tls;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

    /**
     * @param self this replica's name
     * @param maxMessageBytes the largest message taken in
     * @param tls empty where replicas listen without TLS
     */
    public GrpcReplicaChannels(String self, int maxMessageBytes, Optional<ReplicaTls> tls) {
        this.self = self;
        this.maxMessageBytes = maxMessageBytes;
        this.tls = tls.map(ReplicaTls::context);
    }

    @Override
    public Channel to(Replica replica) {
        return ClientInterceptors.intercept(
                channels.computeIfAbsent(replica.address(), this::open), ForwardedCalls.marking(self));
    }

    private ManagedChannel open(String address) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget("dns:///" + address);
        tls.ifPresentOrElse(builder::sslContext, builder::usePlaintext);
        return builder.eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                // Replicas reach each other directly, whatever proxy the environment names for the web.
                .proxyDetector(_ -> null)
                .maxInboundMessageSize(maxMessageBytes)
                // A replica whose host is gone is missed within seconds, also by a call that waits for it.
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .idleTimeout(IDLE_MINUTES, TimeUnit.MINUTES)
                .build();
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        var unusedTermination = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
