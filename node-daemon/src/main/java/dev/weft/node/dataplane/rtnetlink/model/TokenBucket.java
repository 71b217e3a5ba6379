package dev.weft.node.dataplane.rtnetlink.model;

/**
 * Parameters of a tbf queueing discipline, tc-tbf(8), as the kernel keeps them: {@code struct tc_tbf_qopt}.
 *
 * @param bytesPerSecond 1 or more
 * @param buffer how long a full bucket lasts at that rate, in the kernel's ticks of {@link #TICK_NANOS}; unsigned 32 bits
 * @param limit bytes that may wait, the bucket's included; unsigned 32 bits
 */
public record TokenBucket(long bytesPerSecond, long buffer, long limit) {

    /** {@code PSCHED_SHIFT} of {@code include/net/pkt_sched.h}. */
    public static final long TICK_NANOS = 64;

    private static final long MAX = 0xFFFF_FFFFL;

    public TokenBucket {
        if (bytesPerSecond < 1 || buffer < 1 || buffer > MAX || limit < 1 || limit > MAX) {
            throw new IllegalArgumentException("invalid token bucket: " + bytesPerSecond + " bytes/s, buffer " + buffer
                    + " ticks, limit " + limit + " bytes");
        }
    }
}
