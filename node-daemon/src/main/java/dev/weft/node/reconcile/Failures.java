package dev.weft.node.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Objects that could not be made right, why, and when to try again: later and later, and not all at one time. */
final class Failures {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int DOUBLINGS = 9;

    private final RandomGenerator random;
    private final Map<ObjectRef, Failure> failures = new HashMap<>();

    Failures(RandomGenerator random) {
        this.random = random;
    }

    /**
     * One object's failure.
     *
     * @param attempts 1 or more
     */
    record Failure(String message, Severity severity, int attempts, Instant retryAt) {}

    /** Whether something went wrong, or only is not over yet. */
    enum Severity {
        FAILED,
        UNFINISHED
    }

    void failed(ObjectRef ref, String message, Instant now) {
        Failure last = failures.get(ref);
        int attempts = last == null || last.severity() == Severity.UNFINISHED ? 1 : last.attempts() + 1;
        long base = FIRST.toMillis() << Math.min(attempts - 1, DOUBLINGS);
        long delay = Math.min(base, LONGEST.toMillis());
        // Between a half and all of it.
        Instant retryAt = now.plusMillis(delay / 2 + random.nextLong(delay / 2 + 1));
        failures.put(ref, new Failure(message, Severity.FAILED, attempts, retryAt));
    }

    void unfinished(ObjectRef ref, String message, Instant now) {
        failures.put(ref, new Failure(message, Severity.UNFINISHED, 1, now.plus(FIRST)));
    }

    void succeeded(ObjectRef ref) {
        failures.remove(ref);
    }

    /** Forgets those that are not wrong any more. */
    void settle(Predicate<ObjectRef> isRight) {
        failures.keySet().removeIf(isRight);
    }

    Optional<Failure> of(ObjectRef ref) {
        return Optional.ofNullable(failures.get(ref));
    }

    /** Forgets how often these failed: what is wanted has changed. */
    void reset(Collection<ObjectRef> refs) {
        refs.forEach(failures::remove);
    }

    /** Those to be tried now, with all that failed of the same cause: what waits for another must not be tried alone. */
    Set<ObjectRef> due(Instant now) {
        Set<String> causes = new HashSet<>();
        failures.values().stream()
                .filter(failure -> !failure.retryAt().isAfter(now))
                .forEach(failure -> causes.add(failure.message()));
        Set<ObjectRef> due = new HashSet<>();
        if (!causes.isEmpty()) {
            failures.forEach((ref, failure) -> {
                if (causes.contains(failure.message())) {
                    due.add(ref);
                }
            });
        }
        return due;
    }

    Optional<Instant> next() {
        return failures.values().stream().map(Failure::retryAt).min(Instant::compareTo);
    }

    /** All that failed or is under way. */
    Set<ObjectRef> refs() {
        return Set.copyOf(failures.keySet());
    }

    boolean isEmpty() {
        return failures.isEmpty();
    }
}
