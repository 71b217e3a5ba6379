package dev.weft.node.kernel;

import dev.weft.net.BitRate;
import dev.weft.net.InterfaceName;

/**
 * How a rate becomes a token bucket (tc-tbf(8)).
 *
 * <p>The bucket holds what passes in 10 ms, which a kernel with 100 ticks a second needs to reach the rate ("at least
 * rate/HZ"), and no less than ten full packets, TCP's first window (RFC 6928). What waits for tokens may wait 25 ms, as the
 * CNI plugin bandwidth has it ({@code latencyInMillis} in its ifb_creator.go): what comes beyond is dropped, which is how
 * TCP finds the rate.
 */
public final class Shaping {

    private static final long BUCKETS_PER_SECOND = 100;
    private static final long SMALLEST_BUCKET = 10 * 1500;
    private static final long LATENCY_MILLIS = 25;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** The kernel's unit of time in queueing disciplines ({@code PSCHED_SHIFT}). */
    private static final long TICK_NANOS = 64;

    private Shaping() {}

    /** The limit of what a link sends. */
    public static KernelObject.Qdisc of(InterfaceName link, BitRate rate) {
        long bytesPerSecond = rate.bitsPerSecond() / 8;
        long bucket = Math.max(bytesPerSecond / BUCKETS_PER_SECOND, SMALLEST_BUCKET);
        long buffer = Math.round((double) bucket * NANOS_PER_SECOND / bytesPerSecond / TICK_NANOS);
        return new KernelObject.Qdisc(link, bytesPerSecond, buffer, bytesPerSecond * LATENCY_MILLIS / 1000 + bucket);
    }
}
