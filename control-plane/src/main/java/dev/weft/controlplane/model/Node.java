package dev.weft.controlplane.model;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.Mtu;
import java.time.Instant;
import java.util.List;

/**
 * A host that runs the daemon.
 *
 * @param epoch grows by one at each registration
 */
public record Node(NodeName name, long epoch, Facts facts, Instant registerTime) {

    /**
     * What a node says of itself.
     *
     * @param vtep where other nodes send VXLAN to
     * @param hostRoutes subnets that the host itself uses; automatic choice keeps away from them
     */
    public record Facts(
            IpAddress vtep,
            Mtu underlayMtu,
            String hostname,
            String kernel,
            String weftVersion,
            List<KernelFeature> features,
            List<Cidr> hostRoutes) {

        public Facts {
            features = List.copyOf(features);
            hostRoutes = List.copyOf(hostRoutes);
        }
    }

    /** Something the kernel can do or not. */
    public record KernelFeature(String name, Availability availability, String detail) {}

    /** The result of a probe. */
    public enum Availability {
        AVAILABLE,
        MISSING
    }
}
