package dev.weft.node.dataplane.rtnetlink.model;

/** The state of a neighbor or an FDB entry ({@code nud …} of {@code ip neighbor}), from the kernel's neighbour.h. */
public enum NeighborState {
    /** Not resolved, and nobody asked. */
    NONE(0),
    INCOMPLETE(0x01),
    REACHABLE(0x02),
    STALE(0x04),
    DELAY(0x08),
    PROBE(0x10),
    FAILED(0x20),
    /** Needs no resolution; for an FDB entry: static. */
    NOARP(0x40),
    /** Stays until it is deleted. */
    PERMANENT(0x80);

    private final int bit;

    NeighborState(int bit) {
        this.bit = bit;
    }

    public int bit() {
        return bit;
    }

    /** The strongest of the states in a bit mask: one that needs no upkeep wins. */
    public static NeighborState ofWire(int bits) {
        NeighborState[] all = values();
        for (int i = all.length - 1; i > 0; i--) {
            if ((bits & all[i].bit) != 0) {
                return all[i];
            }
        }
        return NONE;
    }
}
