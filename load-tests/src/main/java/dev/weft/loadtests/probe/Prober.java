package dev.weft.loadtests.probe;

import dev.weft.loadtests.host.HostNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks an {@link Echo} every millisecond until the first answer. Started before the work that makes the address reachable, so
 * the moment of that answer is known to about a millisecond.
 */
public final class Prober implements AutoCloseable {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final AtomicLong NEXT_TOKEN = new AtomicLong(System.nanoTime());

    private final DatagramChannel channel;
    private final InetSocketAddress target;
    private final long token = NEXT_TOKEN.incrementAndGet();
    private final CompletableFuture<Long> answeredAt = new CompletableFuture<>();

    private Prober(DatagramChannel channel, InetSocketAddress target) {
        this.channel = channel;
        this.target = target;
    }

    /**
     * Lets a namespace ask again for an unresolved neighbor after 10 ms, the least that the kernel takes, in place of a second:
     * else every probe that is early by a moment would cost a whole second, and that would hide what is measured.
     */
    public static void resolveQuickly(HostNamespace namespace) {
        namespace.call(() -> {
            try (DirectoryStream<Path> interfaces = Files.newDirectoryStream(Path.of("/proc/sys/net/ipv4/neigh"))) {
                for (Path directory : interfaces) {
                    Files.writeString(directory.resolve("retrans_time_ms"), "10");
                }
                return true;
            }
        });
    }

    /** @param target the echo's address, IPv4 */
    public static Prober start(HostNamespace from, String target) {
        DatagramChannel channel = from.call(
                () -> DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress("0.0.0.0", 0)));
        Prober prober = new Prober(channel, new InetSocketAddress(target, Echo.PORT));
        Thread.ofPlatform().daemon().name("answers of " + target).start(prober::receive);
        Thread.ofPlatform().daemon().name("probes of " + target).start(prober::send);
        return prober;
    }

    private void send() {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES);
        while (channel.isOpen() && !answeredAt.isDone()) {
            buffer.clear().putLong(token).flip();
            try {
                channel.send(buffer, target);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // No route or no neighbor yet: that is what is waited for.
                Thread.onSpinWait();
            }
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES);
        while (!answeredAt.isDone()) {
            try {
                buffer.clear();
                channel.receive(buffer);
                long now = System.nanoTime();
                buffer.flip();
                if (buffer.remaining() == Long.BYTES && buffer.getLong() == token) {
                    answeredAt.complete(now);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // An ICMP error of an earlier probe is delivered here.
                Thread.onSpinWait();
            }
        }
    }

    /**
     * Waits for the first answer.
     *
     * @return when it came, by {@link System#nanoTime()}
     * @throws IllegalStateException if none came in time
     */
    public long firstAnswer(Duration limit) {
        try {
            return answeredAt.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer from " + target + " in " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while probing " + target, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("probing " + target + " failed", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close the probe socket", e);
        }
    }
}
