package dev.weft.node.dns;

import dev.weft.net.IpFamily;
import dev.weft.node.netns.NamespaceThreads;
import dev.weft.node.netns.NetworkNamespace;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * Opens sockets towards upstream servers. A socket belongs to the namespace of the thread that opened it, wherever it is
 * used afterwards; the thread that serves all sandboxes never leaves the node's, so another one does the opening.
 */
final class SocketFactory {

    private final NetworkNamespace sandbox;
    private final Executor opener;

    /**
     * @param sandbox held by whoever made this, and let go of on the opener's thread
     * @param opener one thread: what it does is short, and in order
     */
    SocketFactory(NetworkNamespace sandbox, Executor opener) {
        this.sandbox = sandbox;
        this.opener = opener;
    }

    /** Who gets the socket, on the opener's thread. */
    interface Receiver {
        void opened(SelectableChannel channel);

        void failed(Exception cause);
    }

    void open(Upstream server, Transport transport, Receiver receiver) {
        StandardProtocolFamily family =
                server.address().family() == IpFamily.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        Callable<SelectableChannel> open = () -> open(transport, family);
        opener.execute(() -> {
            try {
                receiver.opened(
                        switch (server.from()) {
                            case SANDBOX -> NamespaceThreads.call(sandbox, open);
                            case HOST -> open.call();
                        });
            } catch (Exception e) {
                // Out of descriptors, or a family that the namespace does not have.
                receiver.failed(e);
            }
        });
    }

    private static SelectableChannel open(Transport transport, StandardProtocolFamily family) throws IOException {
        return switch (transport) {
            case UDP -> DatagramChannel.open(family);
            case TCP -> SocketChannel.open(family);
        };
    }
}
