package dev.weft.node.dataplane.rtnetlink.model;

import java.util.Arrays;
import java.util.Optional;

/** At which layer ipvlan links on one parent are told apart: {@code enum ipvlan_mode} of {@code if_link.h}. */
public enum IpvlanMode {
    L2(0),
    L3(1),
    /** As L3, and the host's firewall sees the packets. */
    L3S(2);

    private final int value;

    IpvlanMode(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }

    public static Optional<IpvlanMode> ofWire(int value) {
        return Arrays.stream(values()).filter(mode -> mode.value == value).findFirst();
    }
}
