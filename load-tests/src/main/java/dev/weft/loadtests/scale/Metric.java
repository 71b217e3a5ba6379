package dev.weft.loadtests.scale;

import java.util.Locale;
import java.util.OptionalDouble;

/** What is measured of a cluster of one size. */
enum Metric {
    FILL_RATE("sandboxes created a second while filling it, 32 clients", "1/s", Driver.ENDPOINTS),
    CHANGE_QUIET_MEDIAN("an endpoint on the wide network, until the last node has it: median", "ms", Driver.WIDE_NODES),
    CHANGE_QUIET_P99("the same: p99", "ms", Driver.WIDE_NODES),
    REMOVAL_QUIET_MEDIAN("its removal, until it is gone from the last node: median", "ms", Driver.WIDE_NODES),
    REMOVAL_QUIET_P99("the same: p99", "ms", Driver.WIDE_NODES),
    CHURN_RATE("creates a second beside it (and as many deletes)", "1/s", Driver.NODES),
    CHANGE_CHURN_MEDIAN("under that churn, an endpoint until the last node has it: median", "ms", Driver.WIDE_NODES),
    CHANGE_CHURN_P99("the same: p99", "ms", Driver.WIDE_NODES),
    RESIDENT("control plane: resident memory", "MiB", Driver.ENDPOINTS),
    LIVE_HEAP("control plane: heap in use after a collection", "MiB", Driver.ENDPOINTS),
    IDLE_CPU("control plane: processor time while nothing changes", "% of one", Driver.NODES),
    CPU_PER_CHANGE("control plane: processor time for a change of the wide network", "ms", Driver.WIDE_NODES),
    BYTES_PER_CHANGE(
            "on the wire for a change of the wide network, for each node, TLS and TCP included",
            "bytes",
            Driver.WIDE_NODES),
    IDLE_BYTES("on the wire while nothing changes, both ways, for each node", "bytes/s", Driver.NODES),
    REDIAL("all nodes dial at once, until the last has everything again", "s", Driver.NODES),
    REDIAL_CPU("control plane: processor time for that", "s", Driver.NODES),
    COLD_READY("kill -9 of the control plane, until it is ready again, with all nodes silent", "s", Driver.ENDPOINTS),
    COLD_SETTLED(
            "from then on, all nodes dialling at once, until the last has everything again", "s", Driver.ENDPOINTS);

    /** What of a cluster's size a figure should follow. */
    enum Driver {
        /** How many nodes a change goes to. */
        WIDE_NODES("nodes reached", 1),
        NODES("nodes", 1),
        /** 20 on each node. */
        ENDPOINTS("endpoints", 20);

        private final String text;
        private final int perNode;

        Driver(String text, int perNode) {
            this.text = text;
            this.perNode = perNode;
        }

        String text() {
            return text;
        }

        /** Its size in a cluster of so many nodes that are all alike. */
        double of(int nodes) {
            return (double) nodes * perNode;
        }
    }

    private final String text;
    private final String unit;
    private final Driver growsWith;

    Metric(String text, String unit, Driver growsWith) {
        this.text = text;
        this.unit = unit;
        this.growsWith = growsWith;
    }

    Driver growsWith() {
        return growsWith;
    }

    String text() {
        return text;
    }

    String unit() {
        return unit;
    }

    /** Its name in files. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The most that it should be, in its unit, in a cluster of so many nodes. */
    OptionalDouble target(int nodes) {
        return switch (this) {
            case CHANGE_QUIET_P99 ->
                nodes <= 25 ? OptionalDouble.of(100) : nodes <= 1000 ? OptionalDouble.of(250) : OptionalDouble.empty();
            case CHANGE_CHURN_P99 ->
                nodes <= 25 ? OptionalDouble.of(250) : nodes <= 1000 ? OptionalDouble.of(1000) : OptionalDouble.empty();
            default -> OptionalDouble.empty();
        };
    }
}
