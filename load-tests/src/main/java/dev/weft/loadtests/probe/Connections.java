package dev.weft.loadtests.probe;

import dev.weft.loadtests.host.HostNamespace;
import dev.weft.loadtests.measure.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * New TCP connections from a namespace to an {@link EchoServer} by way of an address, on several ports in turn. Each is ended
 * with a reset, so that neither side nor the connection tracking between them keeps it.
 */
public final class Connections {

    private static final int TIMEOUT_MILLIS = 5000;
    private static final double NANOS_PER_MICROSECOND = 1e3;

    private final HostNamespace client;
    private final String address;
    private final List<Integer> ports;

    /**
     * @param client where the connections come from
     * @param ports tried one after the other, at least one
     */
    public Connections(HostNamespace client, String address, List<Integer> ports) {
        this.client = client;
        this.address = address;
        this.ports = List.copyOf(ports);
    }

    /** Makes one connection to each port and asks for the echo; fails at the first that does not answer. */
    public void check() {
        boolean unused = client.call(() -> {
            for (int port : ports) {
                ask(InetAddress.getByName(address), port);
            }
            return true;
        });
    }

    /** Microseconds from the first packet of a connection until its answer (SYN to SYN-ACK), one after the other. */
    public Samples handshakes(int count) {
        return client.call(() -> {
            InetAddress target = InetAddress.getByName(address);
            List<Double> micros = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                micros.add(ask(target, ports.get(i % ports.size())) / NANOS_PER_MICROSECOND);
            }
            return new Samples(micros);
        });
    }

    /**
     * Connections a second, each with a byte there and back.
     *
     * @param threads that make connections at the same time
     */
    public double perSecond(Duration duration, int threads) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread;
            FutureTask<Integer> task = new FutureTask<>(() -> client.call(() -> askUntil(end, first, threads)));
            tasks.add(task);
            Thread.ofPlatform().daemon().name("connections to " + address).start(task);
        }
        long total = 0;
        for (FutureTask<Integer> task : tasks) {
            try {
                total += task.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("connections to " + address + ": " + e.getCause(), e);
            }
        }
        return total / ((System.nanoTime() - start) / 1e9);
    }

    private int askUntil(long end, int first, int step) throws IOException {
        InetAddress target = InetAddress.getByName(address);
        int done = 0;
        for (int i = first; System.nanoTime() < end; i += step) {
            long unused = ask(target, ports.get(i % ports.size()));
            done++;
        }
        return done;
    }

    /** Returns the nanoseconds of the handshake. */
    private static long ask(InetAddress target, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            long start = System.nanoTime();
            socket.connect(new InetSocketAddress(target, port), TIMEOUT_MILLIS);
            long elapsed = System.nanoTime() - start;
            socket.getOutputStream().write(port);
            if (socket.getInputStream().read() != (port & 0xff)) {
                throw new IOException("port " + port + " of " + target + " closed the connection");
            }
            return elapsed;
        } catch (IOException e) {
            throw new IOException("connect to " + target.getHostAddress() + " port " + port + ": " + e.getMessage(), e);
        }
    }
}
