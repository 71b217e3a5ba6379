package dev.weft.chaos.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A machine on the network between the hosts.
 *
 * @param number from 1
 */
public record Machine(Kind kind, int number) {

    /** What runs on it. */
    public enum Kind {
        /** A daemon. */
        HOST,
        /** A control plane. */
        CONTROL
    }

    static List<Machine> all(Shape shape) {
        List<Machine> all = new ArrayList<>();
        for (int host = 1; host <= shape.hosts(); host++) {
            all.add(new Machine(Kind.HOST, host));
        }
        for (int control = 1; control <= shape.controlPlanes(); control++) {
            all.add(new Machine(Kind.CONTROL, control));
        }
        return all;
    }

    @Override
    public String toString() {
        return (kind == Kind.HOST ? "host " : "control machine ") + number;
    }
}
