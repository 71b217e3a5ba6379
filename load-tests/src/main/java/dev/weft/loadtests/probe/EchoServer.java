package dev.weft.loadtests.probe;

import dev.weft.loadtests.host.HostNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.List;

/** Takes TCP connections on some ports of a namespace, by IPv4, and answers the first byte of each with the same. */
public final class EchoServer implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(1);

    private EchoServer(Selector selector) {
        this.selector = selector;
    }

    public static EchoServer start(HostNamespace namespace, List<Integer> ports) {
        Selector selector = namespace.call(() -> {
            Selector opened = Selector.open();
            for (int port : ports) {
                ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET)
                        .bind(new InetSocketAddress("0.0.0.0", port), BACKLOG);
                listener.configureBlocking(false);
                listener.register(opened, SelectionKey.OP_ACCEPT);
            }
            return opened;
        });
        EchoServer server = new EchoServer(selector);
        Thread.ofPlatform().daemon().name("echo server in " + namespace).start(server::serve);
        return server;
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select();
                for (Iterator<SelectionKey> ready = selector.selectedKeys().iterator(); ready.hasNext(); ) {
                    SelectionKey key = ready.next();
                    ready.remove();
                    serve(key);
                }
            }
        } catch (ClosedSelectorException | IOException e) {
            // Closed: whoever still asks sees that nobody answers, and says so.
            Thread.onSpinWait();
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel listener) {
                SocketChannel connection = listener.accept();
                if (connection != null) {
                    connection.configureBlocking(false);
                    connection.register(selector, SelectionKey.OP_READ);
                }
            } else if (key.channel() instanceof SocketChannel connection) {
                buffer.clear();
                if (connection.read(buffer) < 0) {
                    connection.close();
                } else {
                    connection.write(buffer.flip());
                }
            }
        } catch (IOException e) {
            // The client has reset this connection; the others go on.
            close(key);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException("close a connection", e);
        }
    }

    @Override
    public void close() {
        try {
            List<SelectionKey> keys = List.copyOf(selector.keys());
            selector.close();
            keys.forEach(EchoServer::close);
        } catch (ClosedSelectorException e) {
            // Closed before.
            Thread.onSpinWait();
        } catch (IOException e) {
            throw new UncheckedIOException("close the echo server", e);
        }
    }
}
