package dev.weft.ops;

import java.util.List;

/**
 * Whether a process can do its work now.
 *
 * @param reasons why not, a line each, for people; empty if it can
 */
public record Readiness(List<String> reasons) {

    public static final Readiness READY = new Readiness(List.of());

    public Readiness {
        reasons = List.copyOf(reasons);
    }

    public static Readiness notReady(String reason) {
        return new Readiness(List.of(reason));
    }

    public boolean isReady() {
        return reasons.isEmpty();
    }
}
