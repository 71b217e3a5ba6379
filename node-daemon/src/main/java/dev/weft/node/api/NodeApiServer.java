package dev.weft.node.api;

import dev.weft.rpc.UnixSocketFile;
import io.grpc.Channel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Serves the control plane's API on a unix socket of the node, for the people and programs on it. Only the daemon's own
 * user may connect.
 */
public final class NodeApiServer implements AutoCloseable {

    private static final long GRACE_SECONDS = 2;
    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    private final UnixSocketFile file;
    private final MultiThreadIoEventLoopGroup eventLoop;
    private final Server server;

    private NodeApiServer(UnixSocketFile file, MultiThreadIoEventLoopGroup eventLoop, Server server) {
        this.file = file;
        this.eventLoop = eventLoop;
        this.server = server;
    }

    /**
     * Begins to listen.
     *
     * @param controlPlane where calls are passed on to
     * @param node the name that is added to each call
     * @throws IOException naming the socket if it cannot be bound, or somebody else listens there
     */
    public static NodeApiServer start(Path socket, Channel controlPlane, String node) throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(socket);
        MultiThreadIoEventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Server server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(file.bindPath()))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(eventLoop)
                .workerEventLoopGroup(eventLoop)
                // Passing bytes on never blocks, so it needs no threads of its own.
                .directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .fallbackHandlerRegistry(new ForwardingHandler(controlPlane, node))
                .build();
        try {
            server.start();
            file.publish();
        } catch (IOException e) {
            server.shutdownNow();
            eventLoop.shutdownGracefully(0, GRACE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
            file.remove();
            throw new IOException("cannot listen on " + socket + ": " + e.getMessage(), e);
        }
        return new NodeApiServer(file, eventLoop, server);
    }

    @Override
    public void close() throws IOException {
        server.shutdown();
        try {
            if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.shutdownNow();
        }
        eventLoop.shutdownGracefully(0, GRACE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
        file.remove();
    }
}
