package dev.weft.loadtests.probe;

import dev.weft.loadtests.host.HostNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A datagram every millisecond to an {@link Echo}, of which each should come back. */
public final class PacketStream implements AutoCloseable {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);
    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    private final DatagramChannel channel;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final Thread sender;
    private volatile boolean ending;

    private PacketStream(DatagramChannel channel, String address) {
        this.channel = channel;
        this.sender = Thread.ofPlatform().daemon().name("packets to " + address).unstarted(this::send);
        Thread.ofPlatform().daemon().name("packets of " + address).start(this::receive);
    }

    /** Starts it and returns when answers come; what was lost until then does not count. */
    public static PacketStream start(HostNamespace from, String address) {
        DatagramChannel channel = from.call(() ->
                DatagramChannel.open(StandardProtocolFamily.INET).connect(new InetSocketAddress(address, Echo.PORT)));
        PacketStream stream = new PacketStream(channel, address);
        stream.sender.start();
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (stream.received.get() == 0) {
            if (System.nanoTime() > deadline) {
                stream.close();
                throw new IllegalStateException("no answer from " + address + " in " + START_LIMIT.toSeconds() + " s");
            }
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
        return stream;
    }

    private void send() {
        ByteBuffer packet = ByteBuffer.allocate(Long.BYTES);
        while (!ending) {
            packet.clear().putLong(sent.get()).flip();
            sent.incrementAndGet();
            try {
                channel.write(packet);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // An ICMP error of an earlier packet, or no route: this one is lost and is counted as that.
                Thread.onSpinWait();
            }
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
    }

    private void receive() {
        ByteBuffer packet = ByteBuffer.allocate(Long.BYTES);
        while (channel.isOpen()) {
            try {
                packet.clear();
                channel.read(packet);
                received.incrementAndGet();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // An ICMP error of an earlier packet.
                Thread.onSpinWait();
            }
        }
    }

    /** How many were sent so far. */
    public long sent() {
        return sent.get();
    }

    /** Ends it; returns how many packets have had no answer a second after the last one. */
    public long lost() throws InterruptedException {
        ending = true;
        sender.join();
        long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
        while (received.get() < sent.get() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
        return sent.get() - received.get();
    }

    @Override
    public void close() {
        ending = true;
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close a stream of packets", e);
        }
    }
}
