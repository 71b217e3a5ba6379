package dev.weft.node.dataplane.rtnetlink.model;

import java.util.Set;

/** Whether a link is a port of another. */
public sealed interface Enslavement {

    /** Of none. */
    record Free() implements Enslavement {}

    /**
     * Of the link with that index.
     *
     * @param flags the bridge port's settings that are on; empty when the master is not a bridge
     */
    record PortOf(int masterIndex, Set<BridgePortFlag> flags) implements Enslavement {
        public PortOf {
            flags = Set.copyOf(flags);
        }
    }
}
