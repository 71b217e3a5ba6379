package dev.weft.node.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One query to one upstream server, from a socket of its own: so each has a port that nobody can guess. Ends exactly once,
 * on the event loop, with the response or without one.
 */
final class Exchange {

    /** Docker's. */
    static final Duration TIMEOUT = Duration.ofSeconds(4);

    private final EventLoop loop;
    private final ChannelGroup channels;
    private final Upstream server;
    private final Transport transport;
    private final byte[] message;
    private final Query query;
    private final Consumer<Optional<byte[]>> done;
    private final ScheduledFuture<?> timeout;
    private Optional<Channel> channel = Optional.empty();
    private boolean ended;

    private Exchange(
            EventLoop loop,
            ChannelGroup channels,
            Upstream server,
            Transport transport,
            byte[] message,
            Query query,
            Consumer<Optional<byte[]>> done) {
        this.loop = loop;
        this.channels = channels;
        this.server = server;
        this.transport = transport;
        this.message = message;
        this.query = query;
        this.done = done;
        this.timeout = loop.schedule(() -> end(Optional.empty()), TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Starts; to be called on the event loop.
     *
     * @param channels gets the socket, so that it ends with what it is for
     */
    static void start(
            EventLoop loop,
            SocketFactory sockets,
            ChannelGroup channels,
            Upstream server,
            Transport transport,
            byte[] message,
            Query query,
            Consumer<Optional<byte[]>> done) {
        Exchange exchange = new Exchange(loop, channels, server, transport, message, query, done);
        sockets.open(server, transport, new SocketFactory.Receiver() {
            @Override
            public void opened(SelectableChannel socket) {
                loop.execute(() -> exchange.connect(socket));
            }

            @Override
            public void failed(Exception cause) {
                loop.execute(() -> exchange.end(Optional.empty()));
            }
        });
    }

    private void connect(SelectableChannel socket) {
        if (ended) {
            close(socket);
            return;
        }
        Channel wrapped = switch (socket) {
            case DatagramChannel datagram -> new NioDatagramChannel(datagram);
            case SocketChannel stream -> new NioSocketChannel(stream);
            default -> throw new IllegalStateException("no such transport: " + socket);
        };
        channel = Optional.of(wrapped);
        channels.add(wrapped);
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channelFactory(() -> wrapped)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TIMEOUT.toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel initialized) {
                        switch (transport) {
                            case UDP -> initialized.config().setRecvByteBufAllocator(Frames.datagrams());
                            case TCP -> Frames.addTo(initialized.pipeline());
                        }
                        initialized.pipeline().addLast(new Answers());
                    }
                })
                .connect(new InetSocketAddress(server.address().toInetAddress(), Upstream.PORT));
        connected.addListener(result -> {
            if (result.isSuccess()) {
                ChannelFuture unusedWritten = wrapped.writeAndFlush(Unpooled.wrappedBuffer(message));
            } else {
                end(Optional.empty());
            }
        });
    }

    private static void close(SelectableChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody has used it; there is nothing to lose.
            throw new java.io.UncheckedIOException("close a socket that came too late", e);
        }
    }

    private void end(Optional<byte[]> response) {
        if (ended) {
            return;
        }
        ended = true;
        boolean unusedCancelled = timeout.cancel(false);
        channel.ifPresent(open -> {
            ChannelFuture unusedClosed = open.close();
        });
        done.accept(response);
    }

    /** Takes the first message that answers the query; a stranger's packets are passed over. */
    private final class Answers extends SimpleChannelInboundHandler<Object> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, Object read) {
            ByteBuf content = read instanceof DatagramPacket packet ? packet.content() : (ByteBuf) read;
            byte[] response = ByteBufUtil.getBytes(content);
            if (answers(response)) {
                end(Optional.of(response));
            }
        }

        /** Same id, a response, and the very same question. */
        private boolean answers(byte[] response) {
            return response.length >= Query.HEADER_BYTES
                    && response[0] == message[0]
                    && response[1] == message[1]
                    && (response[2] & 0x80) != 0
                    && (repeatsQuestion(response) || isBareError(response));
        }

        private boolean repeatsQuestion(byte[] response) {
            return response.length >= query.questionEnd()
                    && Arrays.equals(
                            response,
                            Query.HEADER_BYTES,
                            query.questionEnd(),
                            message,
                            Query.HEADER_BYTES,
                            query.questionEnd());
        }

        /** Some servers refuse with the header alone. */
        private boolean isBareError(byte[] response) {
            return response.length == Query.HEADER_BYTES && !Rcode.NO_ERROR.isOf(response);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end(Optional.empty());
        }

        /** Port unreachable, reset, or a message that is none: the next server may do better. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            end(Optional.empty());
        }
    }
}
