package dev.weft.node.dataplane.rtnetlink.model;

import java.time.Duration;

/** An option of a bridge: {@code ip link set dev BR type bridge …}. */
public sealed interface BridgeOption {

    /**
     * {@code vlan_filtering 0|1}. A kernel built without VLAN filtering refuses it with EOPNOTSUPP, even when it asks for
     * off: leave it out when a bridge is added, off being the default.
     */
    record VlanFiltering(Toggle value) implements BridgeOption {}

    /** {@code mcast_snooping 0|1}. */
    record MulticastSnooping(Toggle value) implements BridgeOption {}

    /** {@code stp_state 0|1}. */
    record SpanningTree(Toggle value) implements BridgeOption {}

    /** {@code ageing_time}: how long a learned address lives; the kernel counts in hundredths of a second. */
    record Ageing(Duration value) implements BridgeOption {}

    /** {@code forward_delay}: 0, or 2 to 30 seconds while spanning tree is on. */
    record ForwardDelay(Duration value) implements BridgeOption {}
}
