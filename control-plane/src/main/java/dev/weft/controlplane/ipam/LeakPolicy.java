package dev.weft.controlplane.ipam;

import java.time.Duration;

/**
 * When a leaked lease may be released.
 *
 * @param secondLook how long after the first sighting the second look is, at least
 * @param grace how long a node may be silent before what it could still hold counts as not held any more
 */
public record LeakPolicy(Duration secondLook, Duration grace) {

    /** Two rounds of the housekeeping; fifteen minutes for a node. */
    public static final LeakPolicy DEFAULT = new LeakPolicy(Duration.ofSeconds(60), Duration.ofMinutes(15));

    public LeakPolicy {
        if (!secondLook.isPositive() || !grace.isPositive()) {
            throw new IllegalArgumentException(
                    "second look and grace have to be positive: " + secondLook + ", " + grace);
        }
    }

    /** The same with another grace for silent nodes. */
    public LeakPolicy withGrace(Duration other) {
        return new LeakPolicy(secondLook, other);
    }
}
