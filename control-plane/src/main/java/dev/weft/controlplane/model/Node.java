package dev.weft.controlplane.model;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.Mtu;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A host that runs the daemon.
 *
 * @param epoch grows by one at each registration
 * @param drainTime since when no new sandbox comes to the node; empty while they may
 */
public record Node(NodeName name, long epoch, Facts facts, Instant registerTime, Optional<Instant> drainTime) {

    /** One that takes new sandboxes. */
    public Node(NodeName name, long epoch, Facts facts, Instant registerTime) {
        this(name, epoch, facts, registerTime, Optional.empty());
    }

    /** The same, drained since then or not at all. */
    public Node withDrainTime(Optional<Instant> since) {
        return new Node(name, epoch, facts, registerTime, since);
    }

    /**
     * What a node says of itself.
     *
     * @param vtep where other nodes send VXLAN to; empty: the node takes no part in overlays
     * @param hostFallback whether sandboxes may fall back to the node's own network
     * @param hostRoutes subnets that the host itself uses; automatic choice keeps away from them
     * @param limits those that the node knows of
     */
    public record Facts(
            Optional<IpAddress> vtep,
            Mtu underlayMtu,
            String hostname,
            String kernel,
            String weftVersion,
            List<KernelFeature> features,
            List<Cidr> hostRoutes,
            Map<KernelLimit, Long> limits,
            HostFallback hostFallback) {

        /** What the node's operator says of it. */
        public enum HostFallback {
            ALLOWED,
            FORBIDDEN
        }

        /** Of a node that has a tunnel address and forbids the fallback to the host. */
        public Facts(
                IpAddress vtep,
                Mtu underlayMtu,
                String hostname,
                String kernel,
                String weftVersion,
                List<KernelFeature> features,
                List<Cidr> hostRoutes,
                Map<KernelLimit, Long> limits) {
            this(
                    Optional.of(vtep),
                    underlayMtu,
                    hostname,
                    kernel,
                    weftVersion,
                    features,
                    hostRoutes,
                    limits,
                    HostFallback.FORBIDDEN);
        }

        public Facts {
            features = List.copyOf(features);
            hostRoutes = List.copyOf(hostRoutes);
            limits = Map.copyOf(limits);
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
