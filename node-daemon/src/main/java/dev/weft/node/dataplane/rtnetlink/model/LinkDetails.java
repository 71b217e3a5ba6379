package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.IpAddress;
import dev.weft.net.Vni;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What only links of one kind have. */
public sealed interface LinkDetails {

    record BridgeDetails(Toggle vlanFiltering, Toggle multicastSnooping, Toggle spanningTree, Duration ageing)
            implements LinkDetails {}

    /**
     * A VXLAN tunnel.
     *
     * @param vni empty for one that takes the VNI from elsewhere ({@code external})
     * @param local empty when the kernel chooses it by route
     * @param device the index of the device that it is bound to, if any
     * @param flags what is on
     */
    record VxlanDetails(
            Optional<Vni> vni, Optional<IpAddress> local, int port, OptionalInt device, Set<VxlanFlag> flags)
            implements LinkDetails {
        public VxlanDetails {
            flags = Set.copyOf(flags);
        }
    }

    /** @param mode empty for one that this daemon does not use */
    record MacvlanDetails(Optional<MacvlanMode> mode) implements LinkDetails {}

    /** Values that this daemon does not know are empty. */
    record IpvlanDetails(Optional<IpvlanMode> mode, Optional<IpvlanFlag> flag) implements LinkDetails {}

    /** @param id the tag, 1 to 4094 */
    record VlanDetails(int id) implements LinkDetails {}

    /** Of a kind without details here. */
    record NoDetails() implements LinkDetails {}
}
