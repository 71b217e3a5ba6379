package dev.weft.node.dns;

import dev.weft.node.kernel.KernelObject.Resolver;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import dev.weft.node.sandbox.ResolvConf;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sandbox's name server: 127.0.0.11 port 53, UDP and TCP, inside its namespace. All of it happens on the event loop
 * that all sandboxes share; whatever a sandbox sends costs a bounded amount of it, and can end nothing but its own
 * connection.
 */
final class SandboxServer {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxServer.class);

    static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.11", 53);

    /** No query of use is longer. */
    static final int MAX_QUERY_BYTES = 4096;

    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final int MAX_CONNECTIONS = 128;
    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(10);

    private final DnsServers servers;
    private final ChannelGroup channels;
    private final Forwarder forwarder;
    private final LocalAnswers answers;
    private volatile Resolver resolver;
    private int connections;

    private SandboxServer(DnsServers servers, Resolver resolver, SocketFactory sockets) {
        this.servers = servers;
        this.resolver = resolver;
        this.channels = new DefaultChannelGroup(servers.loop());
        this.forwarder = new Forwarder(servers.loop(), sockets, channels, servers.forwarding());
        this.answers = servers.answers();
    }

    private record Sockets(DatagramChannel datagrams, ServerSocketChannel connections) {}

    /** @throws UncheckedIOException if the address cannot be had */
    static SandboxServer start(
            DnsServers servers, Resolver resolver, NetworkNamespace namespace, SocketFactory upstream) {
        Sockets sockets = NamespaceThreads.call(namespace, SandboxServer::open);
        SandboxServer server = new SandboxServer(servers, resolver, upstream);
        try {
            server.serve(sockets);
        } catch (RuntimeException e) {
            server.stop();
            throw e;
        }
        return server;
    }

    /** Bound in the namespace that the calling thread is in; the rest can be done from anywhere. */
    private static Sockets open() throws IOException {
        DatagramChannel datagrams = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            DatagramChannel unusedSame = bind("udp", datagrams, () -> datagrams.bind(ADDRESS));
            ServerSocketChannel connections = ServerSocketChannel.open(StandardProtocolFamily.INET);
            ServerSocketChannel unusedSameToo =
                    bind("tcp", connections, () -> connections.bind(ADDRESS, NetUtil.SOMAXCONN));
            return new Sockets(datagrams, connections);
        } catch (IOException | RuntimeException e) {
            datagrams.close();
            throw e;
        }
    }

    private interface Binding<T> {
        T bind() throws IOException;
    }

    private static <T extends java.nio.channels.Channel> T bind(String protocol, T socket, Binding<T> binding)
            throws IOException {
        try {
            return binding.bind();
        } catch (IOException e) {
            socket.close();
            throw new UncheckedIOException(
                    "listen for names at 127.0.0.11 port 53/" + protocol + " in the sandbox"
                            + (e instanceof java.net.BindException
                                    ? " (a program in it that listens on that port, or on all addresses, keeps it from"
                                            + " names; so does a loopback that is down: ip link set lo up)"
                                    : ""),
                    e);
        }
    }

    /**
     * Hands the sockets, on which queries may wait already, to the event loop, and does not wait for it: with a thousand
     * sandboxes at a daemon's start that would be most of the time.
     */
    private void serve(Sockets sockets) {
        NioDatagramChannel datagrams = new NioDatagramChannel(sockets.datagrams());
        NioServerSocketChannel streams = new NioServerSocketChannel(sockets.connections());
        channels.add(datagrams);
        channels.add(streams);
        noteFailure(new Bootstrap()
                .group(servers.loop())
                .channelFactory(() -> datagrams)
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_QUERY_BYTES))
                .handler(new Datagrams())
                .register());
        noteFailure(new ServerBootstrap()
                .group(servers.loop())
                .channelFactory(() -> streams)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        accept(connection);
                    }
                })
                .register());
    }

    private void noteFailure(ChannelFuture registered) {
        registered.addListener(done -> {
            if (done.cause() != null) {
                LOG.error("names are not served in sandbox {}", resolver.sandboxId(), done.cause());
            }
        });
    }

    private void accept(Channel connection) {
        if (connections >= MAX_CONNECTIONS) {
            ChannelFuture unusedClosed = connection.close();
            return;
        }
        connections++;
        channels.add(connection);
        connection.closeFuture().addListener(_ -> connections--);
        connection.pipeline().addLast(new ReadTimeoutHandler(IDLE_CONNECTION.toSeconds(), TimeUnit.SECONDS));
        Frames.addTo(connection.pipeline(), MAX_QUERY_BYTES);
        connection.pipeline().addLast(new Streams());
    }

    void change(Resolver changed) {
        resolver = changed;
    }

    Resolver resolver() {
        return resolver;
    }

    /** Closes all sockets, and returns when their ports are free. */
    void stop() {
        var unusedClosed = channels.close().awaitUninterruptibly();
        // The JDK lets go of a socket only when its selector has looked again: what is put in line at the end of one
        // round of the loop runs after that.
        Promise<Void> looked = servers.loop().newPromise();
        servers.loop().executeAfterEventLoopIteration(() -> servers.loop().execute(() -> looked.setSuccess(null)));
        var unusedRound = looked.awaitUninterruptibly();
    }

    private void handle(byte[] message, Transport transport, Consumer<byte[]> reply) {
        switch (Query.parse(message)) {
            case Query.Parsed.Ignored() -> {}
            case Query.Parsed.Refused(int id, int flags, Rcode rcode) -> reply.accept(Reply.refusal(id, flags, rcode));
            case Query.Parsed.Understood(Query query) -> handle(query, message, transport, reply);
        }
    }

    private void handle(Query query, byte[] message, Transport transport, Consumer<byte[]> reply) {
        if (query.edns().filter(edns -> edns.version() != 0).isPresent()) {
            reply.accept(Reply.empty(message, query, Rcode.BAD_VERSION));
            return;
        }
        Resolver now = resolver;
        Optional<List<Reply.Answer>> local = answers.to(query, now);
        if (local.isPresent()) {
            counted(QueryObserver.Source.LOCAL, reply)
                    .accept(Reply.of(message, query, Rcode.NO_ERROR, local.get(), transport.limit(query)));
            return;
        }
        ResolvConf host = servers.hostResolvConf();
        if (isForThisHostOnly(query) && host.with(now.dns()).setsDots()) {
            counted(QueryObserver.Source.LOCAL, reply).accept(Reply.empty(message, query, Rcode.NO_ERROR));
            return;
        }
        forwarder.forward(
                query, message, transport, upstreams(now, host), counted(QueryObserver.Source.UPSTREAM, reply));
    }

    private Consumer<byte[]> counted(QueryObserver.Source source, Consumer<byte[]> reply) {
        return response -> {
            // The low four bits of the header's fourth byte.
            servers.observer().answered(source, response[3] & 0x0F);
            reply.accept(response);
        };
    }

    /** Docker: whoever sets ndots does not want names of one label to be asked for elsewhere. */
    private static boolean isForThisHostOnly(Query query) {
        return query.name().indexOf('.') < 0
                && !query.name().isEmpty()
                && (query.type() == Reply.TYPE_A || query.type() == Reply.TYPE_AAAA);
    }

    private static List<Upstream> upstreams(Resolver resolver, ResolvConf host) {
        if (!resolver.dns().servers().isEmpty()) {
            return resolver.dns().servers().stream()
                    .map(address -> new Upstream(address, Upstream.From.SANDBOX))
                    .toList();
        }
        return switch (resolver.wayOut()) {
            case OPEN ->
                host.servers().stream()
                        .map(address -> new Upstream(address, Upstream.From.HOST))
                        .toList();
            case CLOSED -> List.of();
        };
    }

    private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            InetSocketAddress sender = packet.sender();
            handle(ByteBufUtil.getBytes(packet.content()), Transport.UDP, reply -> {
                ChannelFuture unusedWritten =
                        context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(reply), sender));
            });
        }

        /** The socket stays; the next datagram is another matter. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("a query in sandbox {} was dropped", resolver.sandboxId(), cause);
        }
    }

    private final class Streams extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
            handle(ByteBufUtil.getBytes(frame), Transport.TCP, reply -> {
                ChannelFuture unusedWritten = context.writeAndFlush(Unpooled.wrappedBuffer(reply));
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("a connection for names in sandbox {} ends", resolver.sandboxId(), cause);
            ChannelFuture unusedClosed = context.close();
        }
    }
}
