package dev.weft.chaos.churn;

import java.util.Map;
import java.util.TreeMap;

/** Counts of what clients saw. */
public final class Tally {

    private final Map<String, Integer> counts = new TreeMap<>();

    synchronized void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** By what is counted: "done", "lost", "refused: REASON" and so on. */
    public synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    /** How often that was counted. */
    public synchronized int of(String what) {
        return counts.getOrDefault(what, 0);
    }
}
