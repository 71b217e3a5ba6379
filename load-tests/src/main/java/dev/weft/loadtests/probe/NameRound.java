package dev.weft.loadtests.probe;

import dev.weft.loadtests.measure.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What is asked of every name server in a round. */
public final class NameRound {

    public static final int ROUND_TRIPS = 2000;
    public static final Duration LOAD = Duration.ofSeconds(2);
    public static final int WINDOW = 32;
    public static final int STEADY_RATE = 10_000;

    private final NameLoad load;

    public NameRound(NameLoad load) {
        this.load = load;
    }

    /**
     * Answers a second, the median and the 99th percentile of single round trips in µs, and the percentage lost at
     * {@value #STEADY_RATE} questions a second.
     */
    public List<Double> readings() throws IOException {
        Samples single = load.roundTrips(ROUND_TRIPS);
        double perSecond = load.perSecond(LOAD, WINDOW);
        double loss = load.lossPercent(STEADY_RATE, LOAD);
        return List.of(perSecond, single.median(), single.percentile(99), loss);
    }
}
