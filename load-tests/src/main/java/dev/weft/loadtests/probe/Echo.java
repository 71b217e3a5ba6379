package dev.weft.loadtests.probe;

import dev.weft.loadtests.host.HostNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/** Answers every datagram to one port of a namespace with the same bytes, on whatever address it comes to. */
public final class Echo implements AutoCloseable {

    public static final int PORT = 7007;
    private static final int LARGEST_DATAGRAM = 64;

    private final DatagramChannel channel;

    private Echo(DatagramChannel channel) {
        this.channel = channel;
    }

    public static Echo start(HostNamespace namespace) {
        DatagramChannel channel = namespace.call(
                () -> DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress("0.0.0.0", PORT)));
        Echo echo = new Echo(channel);
        Thread.ofPlatform().daemon().name("echo in " + namespace).start(echo::answer);
        return echo;
    }

    private void answer() {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST_DATAGRAM);
        while (channel.isOpen()) {
            try {
                buffer.clear();
                SocketAddress from = channel.receive(buffer);
                buffer.flip();
                channel.send(buffer, from);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // The way back is gone for the moment, as when an endpoint is just being taken away; the prober asks
                // again.
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close the echo socket", e);
        }
    }
}
