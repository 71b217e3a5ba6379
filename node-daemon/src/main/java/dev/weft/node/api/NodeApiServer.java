package dev.weft.node.api;

import io.grpc.Channel;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the control plane's API on a unix socket of the node. Every call is passed on with the node's name, so that the
 * control plane knows the node that the request comes through.
 */
public final class NodeApiServer implements AutoCloseable {

    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private final Server server;
    private final EventLoopGroup loops;
    private final Path socket;

    private NodeApiServer(Server server, EventLoopGroup loops, Path socket) {
        this.server = server;
        this.loops = loops;
        this.socket = socket;
    }

    /**
     * Binds the socket, mode 0600, in place of one that an earlier run left.
     *
     * @param peer the control plane's address, for messages
     */
    public static NodeApiServer start(Path socket, Channel controlPlane, String node, String peer) throws IOException {
        // Bound where nobody else can reach it, and moved to its place when its mode is right.
        Path nursery = Files.createTempDirectory(
                socket.toAbsolutePath().getParent(),
                ".",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path bound = nursery.resolve("s");
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Server server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(bound))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .fallbackHandlerRegistry(new Everything(controlPlane, node, peer))
                .build();
        try {
            server.start();
            Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
            Files.move(bound, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            server.shutdownNow();
            var unusedTermination = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException("cannot listen on " + socket + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(bound);
            Files.delete(nursery);
        }
        return new NodeApiServer(server, loops, socket);
    }

    /** Whatever method is called, it is passed on. */
    private static final class Everything extends HandlerRegistry {

        private final Channel controlPlane;
        private final String node;
        private final String peer;

        Everything(Channel controlPlane, String node, String peer) {
            this.controlPlane = controlPlane;
            this.node = node;
            this.peer = peer;
        }

        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String methodName, @Nullable String authority) {
            MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setFullMethodName(methodName)
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setRequestMarshaller(ByteMarshaller.INSTANCE)
                    .setResponseMarshaller(ByteMarshaller.INSTANCE)
                    .build();
            return ServerMethodDefinition.create(method, new ProxyHandler(controlPlane, node, peer, method));
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            boolean unusedTerminated = server.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var unusedTermination = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("remove " + socket, e);
        }
    }
}
