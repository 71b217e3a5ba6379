package dev.weft.cli.client;

import dev.weft.api.v1.BackupServiceGrpc;
import dev.weft.api.v1.ChangeServiceGrpc;
import dev.weft.api.v1.EndpointServiceGrpc;
import dev.weft.api.v1.ExecServiceGrpc;
import dev.weft.api.v1.IpamServiceGrpc;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.NodeServiceGrpc;
import dev.weft.api.v1.PortAuditServiceGrpc;
import dev.weft.api.v1.PortServiceGrpc;
import dev.weft.api.v1.SandboxServiceGrpc;
import dev.weft.cli.CliException;
import dev.weft.trust.v1.TrustServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A gRPC channel with one event loop and the stubs of every service.
 *
 * <p>The NIO transport is used on purpose: it needs no native library, so it starts faster and runs wherever the JDK does.
 */
public final class Connection implements AutoCloseable {

    /** For calls that wait for nothing but the store. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private final ServerAddress address;
    private final EventLoopGroup eventLoop;
    private final ManagedChannel channel;

    private Connection(ServerAddress address, EventLoopGroup eventLoop, ManagedChannel channel) {
        this.address = address;
        this.eventLoop = eventLoop;
        this.channel = channel;
    }

    /** By a unix socket, which needs no credentials, for those who need no warnings. */
    public static Connection open(ServerAddress.UnixSocket address) {
        return open(address, new Credentials.None(), _ -> {});
    }

    /**
     * Does not wait for the server: the first call finds out whether it is there.
     *
     * @param warnings gets what the user should know of the answers, a line each
     * @throws CliException if the credentials cannot be used, or are none where some are needed
     */
    public static Connection open(ServerAddress address, Credentials credentials, Consumer<String> warnings) {
        QuietLogging.install();
        if (address instanceof ServerAddress.Tcp && credentials instanceof Credentials.None) {
            throw CliException.usage("connecting to " + address + " needs a certificate: give --ca, --cert and --key"
                    + " (weft ca issue makes them), or --insecure if the control plane runs with it");
        }
        EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        NettyChannelBuilder builder = switch (address) {
            case ServerAddress.UnixSocket(var path) ->
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(path))
                        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                        .overrideAuthority("localhost");
            case ServerAddress.Tcp(String host, int port) ->
                NettyChannelBuilder.forAddress(new InetSocketAddress(host, port))
                        .channelType(NioSocketChannel.class, InetSocketAddress.class)
                        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5000)
                        .overrideAuthority(host);
        };
        if (address instanceof ServerAddress.Tcp && credentials instanceof Credentials.Certificate certificate) {
            builder.sslContext(certificate.context(Instant.now()));
        } else {
            builder.usePlaintext();
        }
        ManagedChannel channel = builder.eventLoopGroup(eventLoop)
                .directExecutor()
                .intercept(new StalenessWarning(warnings))
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
        return new Connection(address, eventLoop, channel);
    }

    public ServerAddress address() {
        return address;
    }

    public NetworkServiceGrpc.NetworkServiceBlockingStub networks() {
        return NetworkServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** For calls which wait up to {@code wait} for a node. */
    public SandboxServiceGrpc.SandboxServiceBlockingStub sandboxes(Duration wait) {
        return SandboxServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_TIMEOUT.plus(wait).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** For calls which wait up to {@code wait} for a node. */
    public EndpointServiceGrpc.EndpointServiceBlockingStub endpoints(Duration wait) {
        return EndpointServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_TIMEOUT.plus(wait).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** For calls which wait up to {@code wait} for a node. */
    public PortServiceGrpc.PortServiceBlockingStub ports(Duration wait) {
        return PortServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_TIMEOUT.plus(wait).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Without a deadline: an audit lasts as long as there are ports, and tells how far it is. */
    public PortAuditServiceGrpc.PortAuditServiceBlockingStub portAudits() {
        return PortAuditServiceGrpc.newBlockingStub(channel);
    }

    public NodeServiceGrpc.NodeServiceBlockingStub nodes() {
        return nodes(Duration.ZERO);
    }

    /** For calls that may take up to {@code wait}, beyond what every call may. */
    public NodeServiceGrpc.NodeServiceBlockingStub nodes(Duration wait) {
        return NodeServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_TIMEOUT.plus(wait).toMillis(), TimeUnit.MILLISECONDS);
    }

    public IpamServiceGrpc.IpamServiceBlockingStub ipam() {
        return IpamServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Without a deadline: a backup lasts as long as there are keys, and tells how far it is. */
    public BackupServiceGrpc.BackupServiceBlockingStub backups() {
        return BackupServiceGrpc.newBlockingStub(channel);
    }

    public TrustServiceGrpc.TrustServiceBlockingStub trust() {
        return TrustServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Without a deadline: a watch lasts as long as the caller wants. */
    public ChangeServiceGrpc.ChangeServiceBlockingStub changes() {
        return ChangeServiceGrpc.newBlockingStub(channel);
    }

    /** Without a deadline: a command lasts as long as it lasts. */
    public ExecServiceGrpc.ExecServiceStub exec() {
        return ExecServiceGrpc.newStub(channel);
    }

    /**
     * Ends the event loop's thread too. A JVM that exits while a thread is inside a native call, such as this thread's poll,
     * waits for it, which costs every command 300 ms.
     */
    @Override
    public void close() {
        channel.shutdownNow();
        eventLoop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly(200);
    }
}
