package dev.weft.node.audit;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.TransportProtocol;
import dev.weft.node.audit.Probe.Tuple;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A probe under way. To be sent in the namespace that it comes from; used by one thread. */
final class ProbeSocket implements AutoCloseable {

    /** What a datagram has in it. The JDK sends none that is empty from a connected socket. */
    private static final byte DATAGRAM = 0;

    private final Probe probe;
    private final SelectableChannel channel;
    private Optional<Reaction> reaction = Optional.empty();
    private Optional<Tuple> tuple = Optional.empty();

    private ProbeSocket(Probe probe, SelectableChannel channel) {
        this.probe = probe;
        this.channel = channel;
    }

    /**
     * Opens a socket in the calling thread's namespace and sends the probe; what the kernel refuses is a reaction.
     *
     * @param from an address of that namespace
     * @throws IOException if no socket could be opened
     */
    static ProbeSocket send(Probe probe, IpAddress from) throws IOException {
        ProtocolFamily family =
                from.family() == IpFamily.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        InetSocketAddress to = new InetSocketAddress(probe.way().to().toInetAddress(), probe.port());
        // A port of its own from the start: a connection that is refused at once has none any more.
        InetSocketAddress own = new InetSocketAddress(from.toInetAddress(), 0);
        return switch (probe.protocol()) {
            case TCP -> connect(probe, SocketChannel.open(family), own, to);
            case UDP -> sendDatagram(probe, DatagramChannel.open(family), own, to);
            case SCTP -> throw new IOException("the JDK has no SCTP sockets of this kind");
        };
    }

    /** Whether probes of a protocol can be sent. */
    static boolean speaks(TransportProtocol protocol) {
        return switch (protocol) {
            case TCP, UDP -> true;
            case SCTP -> false;
        };
    }

    private static ProbeSocket connect(
            Probe probe, SocketChannel channel, InetSocketAddress own, InetSocketAddress to) {
        return begun(new ProbeSocket(probe, channel), socket -> {
            channel.configureBlocking(false);
            // Ended by a reset, it leaves nothing behind in any of the tables on its way.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.noteTuple(channel.bind(own).getLocalAddress());
            if (channel.connect(to)) {
                socket.reaction = Optional.of(new Reaction.Answer());
            }
        });
    }

    private static ProbeSocket sendDatagram(
            Probe probe, DatagramChannel channel, InetSocketAddress own, InetSocketAddress to) {
        return begun(new ProbeSocket(probe, channel), socket -> {
            channel.configureBlocking(false);
            socket.noteTuple(channel.bind(own).getLocalAddress());
            int unusedLength = channel.connect(to).write(ByteBuffer.wrap(new byte[] {DATAGRAM}));
        });
    }

    @FunctionalInterface
    private interface Beginning {
        void begin(ProbeSocket socket) throws IOException;
    }

    private static ProbeSocket begun(ProbeSocket socket, Beginning beginning) {
        try {
            beginning.begin(socket);
        } catch (IOException e) {
            socket.reaction = Optional.of(reaction(e));
        }
        return socket;
    }

    private void noteTuple(@Nullable SocketAddress own) {
        if (own instanceof InetSocketAddress local) {
            tuple = Optional.of(probe.from(IpAddress.of(local.getAddress()), local.getPort()));
        }
    }

    private static Reaction reaction(IOException e) {
        return e instanceof PortUnreachableException
                        || (e instanceof ConnectException
                                && String.valueOf(e.getMessage()).contains("refused"))
                ? new Reaction.Refusal()
                : new Reaction.Failure(String.valueOf(e.getMessage()));
    }

    Probe probe() {
        return probe;
    }

    Optional<Tuple> tuple() {
        return tuple;
    }

    boolean isDecided() {
        return reaction.isPresent();
    }

    /** What was seen up to now. */
    Reaction reaction() {
        return reaction.orElseGet(Reaction.Silence::new);
    }

    /** The selector then calls {@link #isReady} of this socket by the key's attachment. */
    void register(Selector selector) throws IOException {
        Consumer<SelectionKey> ready = this::isReady;
        int interest = switch (probe.protocol()) {
            case TCP -> SelectionKey.OP_CONNECT;
            case UDP, SCTP -> SelectionKey.OP_READ;
        };
        SelectionKey unusedKey = channel.register(selector, interest, ready);
    }

    private void isReady(SelectionKey key) {
        try {
            switch (channel) {
                case SocketChannel tcp -> {
                    if (tcp.finishConnect()) {
                        reaction = Optional.of(new Reaction.Answer());
                    }
                }
                case DatagramChannel udp -> {
                    if (udp.receive(ByteBuffer.allocate(1)) != null) {
                        reaction = Optional.of(new Reaction.Answer());
                    }
                }
                default -> throw new IllegalStateException("no such channel: " + channel);
            }
        } catch (IOException e) {
            reaction = Optional.of(reaction(e));
        }
        if (reaction.isPresent()) {
            key.cancel();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
