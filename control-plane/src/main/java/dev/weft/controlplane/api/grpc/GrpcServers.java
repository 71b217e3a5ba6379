package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.auditlog.AuditLog;
import dev.weft.controlplane.cluster.ForwardedCalls;
import dev.weft.controlplane.service.NetworkOperations;
import dev.weft.controlplane.service.SandboxOperations;
import dev.weft.controlplane.trust.Revocations;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
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
    private static final long HANDSHAKE_SECONDS = 15;

    /** A node's connection carries its stream, the commands and audits that run there, and what comes by its socket. */
    private static final int MAX_CALLS_PER_CONNECTION = 1000;

    private static final long GRACE_SECONDS = 5;
    private static final long FORCED_SECONDS = 2;

    private final List<BindableService> services = new ArrayList<>();
    private final HealthStatusManager health = new HealthStatusManager();
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    private final List<Server> servers = new ArrayList<>();
    private final List<UnixSocketFile> socketFiles = new ArrayList<>();
    private final Peers peers;
    private final List<ServerInterceptor> outer;
    private final ServerInterceptor inner;

    /**
     * @param staleSince since when answers may be older than what the store has; empty while they are not
     * @param observer learns of each call
     * @param sandboxes finds what callers name that may see a part only
     * @param networks the same
     * @param log gets refusals and privileged acts
     */
    public GrpcServers(
            Supplier<Optional<Instant>> staleSince,
            CallObserver observer,
            Revocations revocations,
            Clock clock,
            SandboxOperations sandboxes,
            NetworkOperations networks,
            AuditLog log) {
        this.peers = new Peers(revocations, clock);
        // Innermost first, as gRPC calls the one added last first.
        this.outer = List.of(
                new FailureInterceptor(),
                new StalenessInterceptor(staleSince),
                new ForwardedCalls.Interceptor(),
                new AuthorizationInterceptor(peers, log),
                new RequestLogInterceptor(observer),
                new LogContextInterceptor(),
                new RequestContextInterceptor());
        this.inner = new ConfinementInterceptor(new Confinement(sandboxes, networks), log, clock);
    }

    /** Says what is served; to be called before the first {@code listen}. */
    public void serve(List<? extends BindableService> more) {
        services.addAll(more);
    }

    /**
     * @return the port, which the kernel chose if the address has port 0
     * @throws IOException naming the address if it cannot be bound
     */
    public int listen(InetSocketAddress address, Protection protection) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .channelFactory(() -> new TrackedServerChannel(peers.connections()))
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION);
        Peers.Transport kind = switch (protection) {
            case Protection.None() -> Peers.Transport.PLAIN;
            case Protection.Tls tls -> {
                builder.sslContext(tls.context());
                yield Peers.Transport.TLS;
            }
        };
        Server server = start(builder, kind, address.toString());
        LOG.info(
                "Listening on {}:{}{}",
                address.getHostString(),
                server.getPort(),
                kind == Peers.Transport.PLAIN ? ", without TLS: whoever reaches it may do everything" : ", with TLS");
        return server.getPort();
    }

    /** Listens on a unix socket that only the process's own user may connect to. */
    public void listen(Path path) throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(path);
        socketFiles.add(file);
        start(
                NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(file.bindPath()))
                        .channelType(NioServerDomainSocketChannel.class),
                Peers.Transport.UNIX,
                path.toString());
        file.publish();
        LOG.info("Listening on unix://{}", path);
    }

    private Server start(NettyServerBuilder builder, Peers.Transport kind, String where) throws IOException {
        builder.addTransportFilter(peers.filter(kind))
                .bossEventLoopGroup(eventLoops)
                .workerEventLoopGroup(eventLoops)
                .executor(calls)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                // Node streams are long and often idle: both ends may probe whether the other is still there.
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        // Messages are parsed within the interceptors, so that a malformed one gets a mapped error, too.
        services.forEach(service -> builder.addService(
                ServerInterceptors.useInputStreamMessages(ServerInterceptors.intercept(service.bindService(), inner))));
        builder.addService(health.getHealthService()).addService(ProtoReflectionServiceV1.newInstance());
        outer.forEach(builder::intercept);
        Server server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException("cannot listen on " + where + ": " + rootMessage(e), e);
        }
        servers.add(server);
        return server;
    }

    /** What the health service tells of the server as a whole; it serves in either case. */
    public void ready(boolean ready) {
        health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
                ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
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
        peers.close();
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
