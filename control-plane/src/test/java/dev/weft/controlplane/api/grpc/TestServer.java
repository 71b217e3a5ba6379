package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.events.publish.PublisherReport;
import dev.weft.controlplane.service.Replica;
import dev.weft.controlplane.trust.Revocations;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The API over a replica, on TCP and on a unix socket, and channels to both. */
final class TestServer implements AutoCloseable {

    private final Revocations revocations;
    private final GrpcServers servers;
    private final ChangeGrpcService changes;
    private final MultiThreadIoEventLoopGroup clientLoops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final BackupGrpcService backups;
    private final Path socket;
    private final int port;

    TestServer(Replica replica, Path socket) throws IOException {
        this.socket = socket;
        revocations = Revocations.follow(replica.store());
        servers = new GrpcServers(
                Optional::empty,
                CallObserver.NONE,
                revocations,
                Clock.systemUTC(),
                replica.services().sandboxes(),
                replica.services().networks(),
                _ -> {});
        backups = new BackupGrpcService(replica.store(), "sqlite", Clock.systemUTC());
        changes = new ChangeGrpcService(replica.store(), replica.state(), PublisherReport::disabled);
        servers.serve(List.of(
                new NetworkGrpcService(replica.services().networks()),
                new SandboxGrpcService(replica.services().sandboxes()),
                new EndpointGrpcService(replica.services().endpoints()),
                new NodeGrpcService(replica.services().nodes()),
                new IpamGrpcService(replica.services().ipam(), Optional::empty),
                backups,
                changes));
        port = servers.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new Protection.None());
        servers.listen(socket);
    }

    ManagedChannel tcp() {
        return opened(NettyChannelBuilder.forAddress("127.0.0.1", port)
                .channelType(NioSocketChannel.class)
                .eventLoopGroup(clientLoops)
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build());
    }

    ManagedChannel unix() {
        return opened(NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .eventLoopGroup(clientLoops)
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
        changes.close();
        backups.close();
        servers.close();
        revocations.close();
        clientLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
