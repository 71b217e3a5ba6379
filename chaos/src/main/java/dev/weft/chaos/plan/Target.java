package dev.weft.chaos.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A process of the cluster.
 *
 * @param number from 1
 */
public record Target(Role role, int number) {

    /** What kind of process. */
    public enum Role {
        DAEMON("daemon"),
        CONTROL_PLANE("control plane"),
        ETCD("etcd member"),
        BROKER("broker");

        private final String text;

        Role(String text) {
            this.text = text;
        }
    }

    /** All that a cluster has. */
    static List<Target> all(Shape shape) {
        List<Target> all = new ArrayList<>();
        add(all, Role.DAEMON, shape.hosts());
        add(all, Role.CONTROL_PLANE, shape.controlPlanes());
        add(all, Role.ETCD, shape.etcdMembers());
        add(all, Role.BROKER, shape.broker() ? 1 : 0);
        return all;
    }

    private static void add(List<Target> all, Role role, int count) {
        for (int number = 1; number <= count; number++) {
            all.add(new Target(role, number));
        }
    }

    @Override
    public String toString() {
        return role.text + " " + number;
    }
}
