package dev.weft.loadtests.probe;

import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks a name server from inside a namespace, over UDP from one socket. */
public final class NameLoad implements AutoCloseable {

    /** Where a sandbox's resolver is, Docker's and Weft's. */
    public static final String RESOLVER = "127.0.0.11";

    static final int DNS_PORT = 53;

    private static final int IDS = 1 << 16;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double NANOS_PER_MICROSECOND = 1e3;

    private final DatagramChannel channel;
    private final Selector selector;
    private final NameQuestion question;
    private final ByteBuffer out = ByteBuffer.allocateDirect(NameQuestion.LARGEST);
    private final ByteBuffer in = ByteBuffer.allocateDirect(NameQuestion.LARGEST);
    private int nextId;

    private NameLoad(DatagramChannel channel, Selector selector, NameQuestion question) {
        this.channel = channel;
        this.selector = selector;
        this.question = question;
    }

    /**
     * Not for several threads at once.
     *
     * @param server the name server's IPv4 address
     * @param name must have an IPv4 address there
     */
    public static NameLoad open(HostNamespace client, String server, String name) {
        return client.call(() -> {
            DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
            channel.connect(new InetSocketAddress(server, DNS_PORT));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            return new NameLoad(channel, selector, new NameQuestion(name));
        });
    }

    /** Asks once; fails without an answer that has an address. */
    public void check() throws IOException {
        Samples unused = roundTrips(1);
    }

    /** Asks once; whether there is an answer with an address. */
    public boolean answers() {
        try {
            return roundTrips(1).count() == 1;
        } catch (IOException | IllegalStateException e) {
            // Nobody listens there, or it does not know the name.
            return false;
        }
    }

    /** Microseconds from a question to its answer, one after the other. */
    public Samples roundTrips(int count) throws IOException {
        List<Double> micros = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            int id = send();
            long deadline = start + ANSWER_LIMIT.toNanos();
            while (receive(deadline) != id) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("no answer in " + ANSWER_LIMIT.toMillis() + " ms");
                }
            }
            micros.add((System.nanoTime() - start) / NANOS_PER_MICROSECOND);
        }
        return new Samples(micros);
    }

    /**
     * Answers a second, while so many questions are always on their way. One whose answer is lost is replaced after a second.
     *
     * @param window how many
     */
    public double perSecond(Duration duration, int window) throws IOException {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        long answers = 0;
        for (int i = 0; i < window; i++) {
            int unused = send();
        }
        while (System.nanoTime() < end) {
            if (receive(System.nanoTime() + ANSWER_LIMIT.toNanos()) >= 0) {
                answers++;
            }
            int unused = send();
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        drain();
        return answers / elapsed;
    }

    /**
     * Sends questions at a steady rate whatever comes back; an answer counts when it is there a second after the last one.
     *
     * @param rate questions a second, at most 65 536 in all
     * @return percent of the questions without an answer
     */
    public double lossPercent(int rate, Duration duration) throws IOException {
        int total = Math.toIntExact(rate * duration.toMillis() / 1000);
        if (total > IDS) {
            throw new IllegalArgumentException(total + " questions have not an id each: at most " + IDS);
        }
        drain();
        BitSet answered = new BitSet(IDS);
        int first = nextId;
        long start = System.nanoTime();
        for (int sent = 0; sent < total; ) {
            long due = Math.min(total, (System.nanoTime() - start) * rate / 1_000_000_000L);
            for (; sent < due; sent++) {
                int unused = send();
            }
            for (int id = receiveNow(); id >= 0; id = receiveNow()) {
                answered.set((id - first) & (IDS - 1));
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
        long deadline = System.nanoTime() + ANSWER_LIMIT.toNanos();
        while (answered.cardinality() < total && System.nanoTime() < deadline) {
            int id = receive(deadline);
            if (id >= 0) {
                answered.set((id - first) & (IDS - 1));
            }
        }
        return 100.0 * (total - answered.get(0, total).cardinality()) / total;
    }

    private int send() throws IOException {
        int id = nextId;
        nextId = (nextId + 1) & (IDS - 1);
        question.write(out, id);
        if (channel.write(out) == 0) {
            // The socket's buffer is full: the question is lost as it would be on the way.
            Thread.onSpinWait();
        }
        return id;
    }

    /** The id of the next answer; -1 when none came until the deadline. */
    private int receive(long deadline) throws IOException {
        int id = receiveNow();
        while (id < 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return -1;
            }
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            selector.selectedKeys().clear();
            id = receiveNow();
        }
        return id;
    }

    private int receiveNow() throws IOException {
        in.clear();
        if (channel.read(in) <= 0) {
            return -1;
        }
        return NameQuestion.idOf(in.flip());
    }

    /** Waits for what is still on its way, until there has been nothing for 100 ms. */
    private void drain() throws IOException {
        while (receive(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100)) >= 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close the socket of a name server's client", e);
        }
    }
}
