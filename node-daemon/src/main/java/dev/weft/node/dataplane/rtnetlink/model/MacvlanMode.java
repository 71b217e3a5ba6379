package dev.weft.node.dataplane.rtnetlink.model;

import java.util.Arrays;
import java.util.Optional;

/** How macvlan links on one parent reach each other: {@code enum macvlan_mode} of {@code if_link.h}. */
public enum MacvlanMode {
    /** They do not. */
    PRIVATE(1),
    /** Through the switch that the parent is on, which sends frames back where they came from (IEEE 802.1Qbg). */
    VEPA(2),
    /** Directly. */
    BRIDGE(4),
    /** There is one only, which has the parent to itself. */
    PASSTHRU(8);

    private final int value;

    MacvlanMode(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }

    public static Optional<MacvlanMode> ofWire(int value) {
        return Arrays.stream(values()).filter(mode -> mode.value == value).findFirst();
    }
}
