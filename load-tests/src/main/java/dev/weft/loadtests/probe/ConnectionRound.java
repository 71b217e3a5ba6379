package dev.weft.loadtests.probe;

import java.time.Duration;
import java.util.List;

/** What is asked of every contender in a round of connections: handshakes one by one, then as many as it takes. */
public final class ConnectionRound {

    /** How many of the published ports are used. */
    public static final int PORTS = 64;

    public static final int HANDSHAKES = 512;
    public static final Duration LOAD = Duration.ofSeconds(2);
    public static final int THREADS = 4;

    private final Connections connections;

    public ConnectionRound(Connections connections) {
        this.connections = connections;
    }

    /** Fails if a port does not answer. */
    public void check() {
        connections.check();
    }

    /** The median handshake in µs, and connections a second. */
    public List<Double> readings() throws InterruptedException {
        double median = connections.handshakes(HANDSHAKES).median();
        return List.of(median, connections.perSecond(LOAD, THREADS));
    }
}
