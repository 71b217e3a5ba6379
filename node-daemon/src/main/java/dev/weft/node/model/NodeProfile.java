package dev.weft.node.model;

import dev.weft.net.IpAddress;
import java.util.Optional;

/**
 * What of this node decides how rows become kernel objects.
 *
 * @param vtep the node's tunnel address; without one, overlays cannot be built here
 * @param egressLimits where what a sandbox sends through a pair is limited
 */
public record NodeProfile(Optional<IpAddress> vtep, EgressLimits egressLimits) {

    public enum EgressLimits {
        /** Where a workload cannot reach them. Takes links of kind ifb, and the redirection of what comes in. */
        ON_HOST,
        /** On the sandbox's end of the pair: a kernel that limits can do that. */
        IN_SANDBOX
    }

    /** One whose kernel has what every limit takes and no more. */
    public NodeProfile(Optional<IpAddress> vtep) {
        this(vtep, EgressLimits.IN_SANDBOX);
    }
}
