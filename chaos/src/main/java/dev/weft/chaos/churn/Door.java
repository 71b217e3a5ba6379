package dev.weft.chaos.churn;

import dev.weft.api.v1.EndpointServiceGrpc;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.PortServiceGrpc;
import dev.weft.api.v1.SandboxServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The unix socket of a control plane or of a node's daemon, by which a request can come in. */
public final class Door implements AutoCloseable {

    private final String name;
    private final ManagedChannel channel;

    private Door(String name, ManagedChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    /** Connects when it is first used, and again whenever the other side was away. */
    public static Door at(String name, Path socket, EventLoopGroup eventLoop) {
        return new Door(
                name,
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                        .overrideAuthority("localhost")
                        .eventLoopGroup(eventLoop)
                        .usePlaintext()
                        .build());
    }

    public String name() {
        return name;
    }

    NetworkServiceGrpc.NetworkServiceBlockingStub networks(Duration deadline) {
        return ready(NetworkServiceGrpc.newBlockingStub(channel), deadline);
    }

    SandboxServiceGrpc.SandboxServiceBlockingStub sandboxes(Duration deadline) {
        return ready(SandboxServiceGrpc.newBlockingStub(channel), deadline);
    }

    EndpointServiceGrpc.EndpointServiceBlockingStub endpoints(Duration deadline) {
        return ready(EndpointServiceGrpc.newBlockingStub(channel), deadline);
    }

    PortServiceGrpc.PortServiceBlockingStub ports(Duration deadline) {
        return ready(PortServiceGrpc.newBlockingStub(channel), deadline);
    }

    NodeServiceGrpc.NodeServiceBlockingStub nodes(Duration deadline) {
        return ready(NodeServiceGrpc.newBlockingStub(channel), deadline);
    }

    private <S extends AbstractStub<S>> S ready(S stub, Duration deadline) {
        // Without this, a process that was away for a while would be asked again after minutes only.
        channel.resetConnectBackoff();
        return stub.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
