package dev.weft.node.kernel;

import java.util.Set;

/** Settings of a bridge port that the daemon has a say in. Those not named stay as the kernel has them. */
public enum PortTrait {
    /** Learns where MACs are from what comes in. */
    LEARNING,
    /** Gets frames for MACs that the bridge does not know. */
    UNICAST_FLOOD,
    /** Exchanges nothing with other isolated ports. */
    ISOLATED,
    /** Frames may leave by the port that they came in by. */
    HAIRPIN;

    /** How the kernel makes a port. */
    public static final Set<PortTrait> DEFAULTS = Set.of(LEARNING, UNICAST_FLOOD);
}
