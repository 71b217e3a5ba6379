package dev.weft.node.dataplane.rtnetlink.model;

/** Whether a link passes packets, by RFC 2863; {@code state …} of {@code ip link}. */
public enum OperState {
    UNKNOWN,
    NOT_PRESENT,
    DOWN,
    LOWER_LAYER_DOWN,
    TESTING,
    DORMANT,
    UP;

    /** The kernel's numbers are the ordinals; one that is not known here counts as unknown. */
    public static OperState ofWire(int value) {
        OperState[] all = values();
        return value >= 0 && value < all.length ? all[value] : UNKNOWN;
    }
}
