package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.cluster.ForwardedCalls;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The same services on TCP and on a unix socket. Each call runs on a virtual thread of its own. */
public final class GrpcServers implements AutoCloseable {

    /** Largest message taken in, in bytes; a larger one ends the call with RESOURCE_EXHAUSTED. */
    public static final int MAX_MESSAGE_BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(GrpcServers.class);
    private static final long GRACE_SECONDS = 5;
    private static final long FORCED_SECONDS = 2;

    private final List<BindableService> services = new ArrayList<>();
    private final HealthStatusManager health = new HealthStatusManager();
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    private final List<Server> servers = new ArrayList<>();
    private final List<UnixSocketFile> socketFiles = new ArrayList<>();
    private final Supplier<Optional<Instant>> staleSince;

    /** @param staleSince since when answers may be older than what the store has; empty while they are not */
    public GrpcServers(Supplier<Optional<Instant>> staleSince) {
        this.staleSince = staleSince;
    }

    /** Says what is served; to be called before the first {@code listen}. */
    public void serve(List<? extends BindableService> more) {
        services.addAll(more);
    }

    /**
     * @return the port, which the kernel chose if the address has port 0
     * @throws IOException naming the address if it cannot be bound
     */
    public int listen(InetSocketAddress address) throws IOException {
        Server server = start(
                NettyServerBuilder.forAddress(address).channelType(NioServerSocketChannel.class), address.toString());
        LOG.info("Listening on {}:{}", address.getHostString(), server.getPort());
        return server.getPort();
    }

    /** Listens on a unix socket that only the process's own user may connect to. */
    public void listen(Path path) throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(path);
        socketFiles.add(file);
        start(
                NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(file.bindPath()))
                        .channelType(NioServerDomainSocketChannel.class),
                path.toString());
        file.publish();
        LOG.info("Listening on unix://{}", path);
    }

    private Server start(NettyServerBuilder builder, String where) throws IOException {
        builder.bossEventLoopGroup(eventLoops)
                .workerEventLoopGroup(eventLoops)
                .executor(calls)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                // Node streams are long and often idle: both ends may probe whether the other is still there.
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        // Messages are parsed within the interceptors, so that a malformed one gets a mapped error, too.
        services.forEach(
                service -> builder.addService(ServerInterceptors.useInputStreamMessages(service.bindService())));
        builder.addService(health.getHealthService()).addService(ProtoReflectionServiceV1.newInstance());
        interceptors().forEach(builder::intercept);
        Server server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException("cannot listen on " + where + ": " + rootMessage(e), e);
        }
        servers.add(server);
        return server;
    }

    /** Innermost first, as gRPC calls the one added last first. */
    private List<ServerInterceptor> interceptors() {
        return List.of(
                new FailureInterceptor(),
                new StalenessInterceptor(staleSince),
                new RequestLogInterceptor(),
                new ForwardedCalls.Interceptor(),
                new RequestContextInterceptor());
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    /**
     * Takes no new calls from now on; clients that keep a connection are told, and dial elsewhere. Can be called twice.
     */
    public void stopAccepting() {
        health.enterTerminalState();
        servers.forEach(Server::shutdown);
    }

    /** Takes no new calls, lets the running ones finish for a few seconds, then ends them. Can be called twice. */
    @Override
    public void close() {
        if (eventLoops.isShuttingDown()) {
            return;
        }
        stopAccepting();
        try {
            for (Server server : servers) {
                if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    server.shutdownNow();
                    if (!server.awaitTermination(FORCED_SECONDS, TimeUnit.SECONDS)) {
                        LOG.warn("Calls did not end within {} s", GRACE_SECONDS + FORCED_SECONDS);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            servers.forEach(Server::shutdownNow);
        }
        eventLoops.shutdownGracefully(0, FORCED_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
        calls.close();
        for (UnixSocketFile file : socketFiles) {
            try {
                file.remove();
            } catch (IOException e) {
                LOG.warn("Could not remove the socket {}: {}", file.path(), e.getMessage());
            }
        }
    }
}
