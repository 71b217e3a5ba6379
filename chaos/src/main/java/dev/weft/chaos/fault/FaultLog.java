package dev.weft.chaos.fault;

import dev.weft.chaos.plan.Fault;
import dev.weft.chaos.plan.FaultKind;
import java.util.EnumMap;
import java.util.Map;

/** What was done, by kind. */
public final class FaultLog {

    private final Map<FaultKind, Integer> done = new EnumMap<>(FaultKind.class);
    private final Map<FaultKind, Integer> impossible = new EnumMap<>(FaultKind.class);

    synchronized void count(Fault fault, boolean happened) {
        (happened ? done : impossible).merge(FaultKind.of(fault), 1, Integer::sum);
    }

    public synchronized Map<FaultKind, Integer> done() {
        return new EnumMap<>(done);
    }

    /** Planned, and there was nothing to do it to: the process was away already, the host had no such object. */
    public synchronized Map<FaultKind, Integer> impossible() {
        return new EnumMap<>(impossible);
    }

    /** How many there were. */
    public synchronized int total() {
        return done.values().stream().mapToInt(Integer::intValue).sum();
    }
}
