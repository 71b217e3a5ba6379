package dev.weft.loadtests.measure;

/** What a comparison counts in, and which way is better. */
public enum Unit {
    MILLISECONDS("ms", Better.LOWER),
    MICROSECONDS("µs", Better.LOWER),
    PER_SECOND("1/s", Better.HIGHER),
    /** Of a whole. */
    PERCENT("%", Better.LOWER),
    PACKETS("packets", Better.LOWER),
    MEBIBYTES("MiB", Better.LOWER),
    GIGABITS_PER_SECOND("Gbit/s", Better.HIGHER);

    /** The direction that is good. */
    public enum Better {
        LOWER,
        HIGHER
    }

    private final String symbol;
    private final Better better;

    Unit(String symbol, Better better) {
        this.symbol = symbol;
        this.better = better;
    }

    public String symbol() {
        return symbol;
    }

    public Better better() {
        return better;
    }

    /** The value worst served at p99: the 99th percentile where lower is better, the 1st where higher is. */
    public double tail(Samples samples) {
        return samples.percentile(better == Better.LOWER ? 99 : 1);
    }
}
