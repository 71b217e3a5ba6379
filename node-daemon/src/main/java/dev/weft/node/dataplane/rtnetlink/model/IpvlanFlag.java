package dev.weft.node.dataplane.rtnetlink.model;

import java.util.Arrays;
import java.util.Optional;

/** How ipvlan links on one parent reach each other: {@code IPVLAN_F_*} of {@code if_link.h}, which exclude each other. */
public enum IpvlanFlag {
    BRIDGE(0),
    PRIVATE(1),
    VEPA(2);

    private final int value;

    IpvlanFlag(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }

    public static Optional<IpvlanFlag> ofWire(int value) {
        return Arrays.stream(values()).filter(flag -> flag.value == value).findFirst();
    }
}
