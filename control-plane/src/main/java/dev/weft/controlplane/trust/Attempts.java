package dev.weft.controlplane.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often somebody may try: a bucket of permits for each address and one for all, refilled with time. Of addresses, the
 * ones that tried last are remembered.
 */
final class Attempts {

    private static final int REMEMBERED = 4096;

    private record Bucket(double permits, Instant time) {

        Bucket refilled(Instant now, double perSecond, double most) {
            double seconds = Math.max(0, Duration.between(time, now).toNanos() / 1e9);
            return new Bucket(Math.min(most, permits + seconds * perSecond), now);
        }
    }

    private final double perSecond;
    private final double burst;
    private final double totalPerSecond;
    private final double totalBurst;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED;
        }
    };
    private Bucket total;

    Attempts(double perSecond, double burst, double totalPerSecond, double totalBurst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.totalPerSecond = totalPerSecond;
        this.totalBurst = totalBurst;
        this.total = new Bucket(totalBurst, Instant.EPOCH);
    }

    /** Whether that address may try once now. */
    synchronized boolean take(String address, Instant now) {
        Bucket own = buckets.getOrDefault(address, new Bucket(burst, now)).refilled(now, perSecond, burst);
        total = total.refilled(now, totalPerSecond, totalBurst);
        if (own.permits() < 1 || total.permits() < 1) {
            buckets.put(address, own);
            return false;
        }
        buckets.put(address, new Bucket(own.permits() - 1, now));
        total = new Bucket(total.permits() - 1, now);
        return true;
    }
}
