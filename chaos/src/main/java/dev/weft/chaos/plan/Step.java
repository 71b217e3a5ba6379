package dev.weft.chaos.plan;

import java.time.Duration;
import java.util.Locale;

/**
 * A fault and its time.
 *
 * @param at since the round began
 * @param hold until it is undone
 */
public record Step(Fault fault, Duration at, Duration hold) {

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%5.1f s  %s, for %.1f s", at.toMillis() / 1000.0, fault, hold.toMillis() / 1000.0);
    }
}
