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
 * Asks something every millisecond until the first answer. Started before the work that makes an answer possible, so the moment
 * of that answer is known to about a millisecond.
 */
public final class Prober implements AutoCloseable {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final AtomicLong NEXT_TOKEN = new AtomicLong(System.nanoTime());

    private final DatagramChannel channel;
    private final InetSocketAddress target;
    private final Question question;
    private final CompletableFuture<Long> answeredAt = new CompletableFuture<>();

    /** What is asked. */
    private interface Question {

        int LARGEST = 512;

        void write(ByteBuffer into);

        /** Whether this is the answer that is waited for. */
        boolean isAnsweredBy(ByteBuffer answer);
    }

    private Prober(DatagramChannel channel, InetSocketAddress target, Question question) {
        this.channel = channel;
        this.target = target;
        this.question = question;
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

    /**
     * Asks an {@link Echo}.
     *
     * @param target its address, IPv4
     */
    public static Prober start(HostNamespace from, String target) {
        long token = NEXT_TOKEN.incrementAndGet();
        return start(from, new InetSocketAddress(target, Echo.PORT), new Question() {
            @Override
            public void write(ByteBuffer into) {
                into.clear().putLong(token).flip();
            }

            @Override
            public boolean isAnsweredBy(ByteBuffer answer) {
                return answer.remaining() == Long.BYTES && answer.getLong() == token;
            }
        });
    }

    /**
     * Asks a name server for a name, which has no address at first.
     *
     * @param server its address, IPv4
     */
    public static Prober ofName(HostNamespace from, String server, String name) {
        NameQuestion asked = new NameQuestion(name);
        return start(from, new InetSocketAddress(server, NameLoad.DNS_PORT), new Question() {
            private int id;

            @Override
            public void write(ByteBuffer into) {
                id = (id + 1) & 0xffff;
                asked.write(into, id);
            }

            @Override
            public boolean isAnsweredBy(ByteBuffer answer) {
                return NameQuestion.hasAddress(answer);
            }
        });
    }

    private static Prober start(HostNamespace from, InetSocketAddress target, Question question) {
        DatagramChannel channel = from.call(
                () -> DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress("0.0.0.0", 0)));
        Prober prober = new Prober(channel, target, question);
        Thread.ofPlatform().daemon().name("answers of " + target).start(prober::receive);
        Thread.ofPlatform().daemon().name("probes of " + target).start(prober::send);
        return prober;
    }

    private void send() {
        ByteBuffer buffer = ByteBuffer.allocate(Question.LARGEST);
        while (channel.isOpen() && !answeredAt.isDone()) {
            question.write(buffer);
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
        ByteBuffer buffer = ByteBuffer.allocate(Question.LARGEST);
        while (!answeredAt.isDone()) {
            try {
                buffer.clear();
                channel.receive(buffer);
                long now = System.nanoTime();
                if (question.isAnsweredBy(buffer.flip())) {
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
