package dev.weft.lab;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, never for times. */
public final class Await {

    private static final Duration STEP = Duration.ofMillis(20);

    private Await() {}

    /**
     * Waits until the condition holds.
     *
     * @param what completes the sentence "waited for …"
     * @param explanation asked for when the time is over: what was seen instead
     * @throws LabException if it does not hold in time
     */
    public static void until(String what, Duration timeout, BooleanSupplier condition, Supplier<String> explanation) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new LabException("waited " + timeout.toMillis() + " ms for " + what + "; " + explanation.get());
            }
            try {
                Thread.sleep(STEP);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("interrupted while waiting for " + what, e);
            }
        }
    }

    public static void until(String what, Duration timeout, BooleanSupplier condition) {
        until(what, timeout, condition, () -> "it did not come true");
    }
}
