package dev.weft.cli;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The API's services on a Unix socket, with answers that do not depend on what was asked before. Requests are kept for the
 * test to look at.
 */
final class StubControlPlane implements AutoCloseable {

    private final Path socket;
    private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server;
    private final StubAnswers answers = new StubAnswers();
    private final StubBackups backups = new StubBackups();

    private StubControlPlane(Path socket) throws IOException {
        this.socket = socket;
        this.server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(eventLoop)
                .workerEventLoopGroup(eventLoop)
                .addService(new StubNetworks(answers))
                .addService(new StubSandboxes(answers))
                .addService(new StubEndpoints(answers))
                .addService(new StubNodes(answers))
                .addService(new StubIpam(answers))
                .addService(backups)
                .addService(new StubChanges(answers))
                .addService(new StubExecs(answers))
                .addService(new StubTrust(answers))
                .build()
                .start();
    }

    static StubControlPlane start(Path socket) throws IOException {
        return new StubControlPlane(socket);
    }

    void breakBackups() {
        backups.breakThem();
    }

    String host() {
        return "unix://" + socket;
    }

    /** The only request of this type. */
    <M extends com.google.protobuf.Message> M request(Class<M> type) {
        return answers.request(type);
    }

    @Override
    public void close() {
        server.shutdownNow();
        eventLoop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
