package dev.weft.loadtests.simulation;

import dev.weft.node.model.RowKey;
import dev.weft.node.model.RowKind;
import dev.weft.node.reconcile.PassReport;
import dev.weft.node.reconcile.RowState;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * On how many nodes an endpoint is in the kernel, or gone from it, and when that came true on the latest of them. Its own
 * node has it as an endpoint, others as a peer.
 */
final class Arrivals {

    /** What is counted. */
    enum Kind {
        PRESENT,
        GONE
    }

    /** @param last when it was counted last, as {@link System#nanoTime()} */
    record Arrival(int count, long last) {

        Arrival next(long now) {
            return new Arrival(count + 1, now);
        }
    }

    private record Subject(Kind kind, String endpoint) {}

    private final Map<Subject, Arrival> arrivals = new ConcurrentHashMap<>();

    /** Counts what a pass on some node came to. */
    void passed(PassReport report, long now) {
        report.changed()
                .forEach((key, state) -> kind(key, state)
                        .ifPresent(kind -> arrivals.merge(
                                new Subject(kind, key.id()), new Arrival(1, now), (known, one) -> known.next(now))));
    }

    private static Optional<Kind> kind(RowKey key, RowState state) {
        if (key.kind() != RowKind.PEER && key.kind() != RowKind.ENDPOINT) {
            return Optional.empty();
        }
        return switch (state.stage()) {
            case READY -> Optional.of(Kind.PRESENT);
            case REMOVED -> Optional.of(Kind.GONE);
            case PENDING, FAILED -> Optional.empty();
        };
    }

    Arrival of(Kind kind, String endpoint) {
        return arrivals.getOrDefault(new Subject(kind, endpoint), new Arrival(0, 0));
    }

    /** Forgets all that was counted. */
    void clear() {
        arrivals.clear();
    }
}
