package dev.weft.node.dataplane.rtnetlink.model;

/** A setting of a bridge's port: {@code bridge link set dev PORT FLAG on|off}. */
public enum BridgePortFlag {
    /** Frames may leave by the port that they came in by. */
    HAIRPIN(4),
    LEARNING(8),
    /** Unicast frames to unknown addresses leave here. */
    FLOOD(9),
    MULTICAST_FLOOD(27),
    BROADCAST_FLOOD(30),
    /** The bridge answers ARP and ND for neighbors that it knows, and does not send them out of this port. */
    NEIGH_SUPPRESS(32),
    /** Ports that are isolated do not reach each other. */
    ISOLATED(33);

    private final int attribute;

    BridgePortFlag(int attribute) {
        this.attribute = attribute;
    }

    /** {@code IFLA_BRPORT_…} of {@code include/uapi/linux/if_link.h}. */
    public int attribute() {
        return attribute;
    }
}
