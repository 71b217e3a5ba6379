package dev.weft.controlplane.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Passes bytes between clients and a port of the loopback interface, until told otherwise. It can go silent on the
 * connections there are, as a firewall does that lost its state, while new ones work; lose only the answers; or end all
 * connections and refuse new ones.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final ServerSocket listener;
    private final int targetPort;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean refusing;

    /** A client's connection and the one made for it. */
    private static final class Link implements AutoCloseable {
        private final Socket client;
        private final Socket target;
        private volatile boolean swallowsRequests;
        private volatile boolean swallowsAnswers;

        private Link(Socket client, Socket target) {
            this.client = client;
            this.target = target;
        }

        @Override
        public void close() {
            try (client;
                    target) {
                // Both are closed.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private TcpProxy(ServerSocket listener, int targetPort) {
        this.listener = listener;
        this.targetPort = targetPort;
    }

    public static TcpProxy to(int targetPort) {
        try {
            TcpProxy proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), targetPort);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections clients have made. */
    public int accepted() {
        return accepted.get();
    }

    /** From now on, what comes over the connections there are goes nowhere; they stay open. */
    public void swallow() {
        links.forEach(link -> link.swallowsRequests = true);
        swallowAnswers();
    }

    /** From now on, what the target says over the connections there are goes nowhere; they stay open. */
    public void swallowAnswers() {
        links.forEach(link -> link.swallowsAnswers = true);
    }

    /** Ends all connections and every new one, until {@link #restore}. */
    public void cut() {
        refusing = true;
        links.forEach(Link::close);
        links.clear();
    }

    public void restore() {
        refusing = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), targetPort));
                links.add(link);
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> pass(link, link.client, link.target, () -> link.swallowsRequests));
                Thread.ofVirtual().start(() -> pass(link, link.target, link.client, () -> link.swallowsAnswers));
            } catch (IOException _) {
                // The listener was closed, or the target refuses: the client sees its connection end.
            }
        }
    }

    private void pass(Link link, Socket from, Socket to, BooleanSupplier swallows) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!swallows.getAsBoolean()) {
                    out.write(buffer, 0, length);
                }
            }
        } catch (IOException _) {
            // One side hung up.
        }
        if (!swallows.getAsBoolean()) {
            links.remove(link);
            link.close();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links.forEach(Link::close);
    }
}
