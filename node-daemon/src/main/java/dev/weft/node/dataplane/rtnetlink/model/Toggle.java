package dev.weft.node.dataplane.rtnetlink.model;

/** A setting of two values. */
public enum Toggle {
    OFF,
    ON;

    public static Toggle of(boolean on) {
        return on ? ON : OFF;
    }

    public boolean isOn() {
        return this == ON;
    }
}
