package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;
import dev.weft.net.IpAddress;
import java.util.Optional;

/**
 * A lease that an endpoint holds, and what is stored around it, all as of one revision.
 *
 * @param endpoint the holder
 * @param sandbox the holder's
 * @param node the holder's, or that of the lease where there is no holder
 */
public record LeaseFacts(
        NetworkId network,
        IpAddress address,
        Lease lease,
        Optional<Versioned<Endpoint>> endpoint,
        Presence sandbox,
        Presence node) {

    /** Whether an object is stored. */
    public enum Presence {
        STORED,
        GONE;

        public static Presence of(Optional<?> object) {
            return object.isPresent() ? STORED : GONE;
        }
    }

    /** The node that may have the address in its kernel. */
    public Optional<NodeName> nodeName() {
        return endpoint.map(found -> found.value().node()).or(lease::node);
    }
}
