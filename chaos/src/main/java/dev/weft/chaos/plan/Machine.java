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
        CONTROL,
        /** A member of etcd among several. */
        ETCD
    }

    static List<Machine> all(Shape shape) {
        List<Machine> all = new ArrayList<>();
        for (int host = 1; host <= shape.hosts(); host++) {
            all.add(new Machine(Kind.HOST, host));
        }
        for (int control = 1; control <= shape.controlPlanes(); control++) {
            all.add(new Machine(Kind.CONTROL, control));
        }
        for (int member = 1; member <= shape.etcdMembers() && shape.etcdMembers() > 1; member++) {
            all.add(new Machine(Kind.ETCD, member));
        }
        return all;
    }

    @Override
    public String toString() {
        return switch (kind) {
                    case HOST -> "host ";
                    case CONTROL -> "control plane's machine ";
                    case ETCD -> "etcd member's machine ";
                }
                + number;
    }
}
