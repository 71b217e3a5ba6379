package dev.weft.controlplane.admission;

import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.KernelLimit;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import java.util.Optional;

/**
 * How much a node has room for. Beyond these limits the kernel refuses late, or drops silently; so they are held here, with
 * numbers, and told of from 80 percent on.
 */
public final class Capacity {

    /**
     * Ports of one Linux bridge: {@code BR_MAX_PORTS} in the kernel's net/bridge/br_private.h is 1024, and number 0 is never
     * given out.
     */
    public static final int BRIDGE_PORTS = 1023;

    /** A sandbox's namespace, its netlink sockets and its name server's sockets, in the daemon; rounded up. */
    static final int FILES_PER_SANDBOX = 8;

    /** Of the daemon itself: jars, sockets, its own netlink. */
    static final int FILES_OF_DAEMON = 256;

    private static final int WARNING_PERCENT = 80;

    private Capacity() {}

    /**
     * How much of something is used.
     *
     * @param subject what it is, for messages
     * @param remedy what to do when it is used up
     */
    public record Use(String subject, long used, long allowed, String remedy) {

        boolean hasRoomFor(long more) {
            return used + more <= allowed;
        }

        /** Why there is no room for one more; empty while there is. */
        public Optional<String> refusal() {
            return hasRoomFor(1)
                    ? Optional.empty()
                    : Optional.of(subject + ": " + used + " of " + allowed
                            + " are used, there is no room for one more; " + remedy);
        }

        /** What is worth knowing before there is no room; empty below 80 percent. */
        public Optional<String> warning() {
            return used * 100 >= allowed * WARNING_PERCENT
                    ? Optional.of(subject + ": " + used + " of " + allowed + " are used; " + remedy)
                    : Optional.empty();
        }
    }

    /**
     * The ports of a network's bridge on one node; empty where the network has no bridge.
     *
     * @param endpoints the network's on that node
     */
    public static Optional<Use> bridge(Network network, Node node, long endpoints) {
        long tunnel = network.driver() == Driver.OVERLAY ? 1 : 0;
        return network.driver() == Driver.BRIDGE || network.driver() == Driver.OVERLAY
                ? Optional.of(new Use(
                        "ports of the bridge of network " + network.name() + " on node " + node.name(),
                        endpoints + tunnel,
                        BRIDGE_PORTS,
                        "a Linux bridge takes no more: use a second network"))
                : Optional.empty();
    }

    /** @param managed sandboxes with a namespace that Weft made */
    public static Optional<Use> namespaces(Node node, long managed) {
        return limit(node, KernelLimit.NETWORK_NAMESPACES)
                .map(limit -> new Use(
                        "network namespaces of node " + node.name(),
                        managed,
                        limit,
                        "raise the sysctl user.max_net_namespaces there"));
    }

    /** The daemon's open files, in sandboxes. */
    public static Optional<Use> files(Node node, long sandboxes) {
        return limit(node, KernelLimit.OPEN_FILES)
                .map(limit -> new Use(
                        "sandboxes that the daemon of node " + node.name() + " has open files for",
                        sandboxes,
                        Math.max(0, (limit - FILES_OF_DAEMON) / FILES_PER_SANDBOX),
                        "raise its limit of open files (LimitNOFILE), now " + limit));
    }

    /** The host's neighbor entries for its endpoints, as far as the node tells its threshold. */
    public static Optional<Use> neighbors(Node node, long endpoints) {
        return limit(node, KernelLimit.NEIGHBORS)
                .map(limit -> new Use(
                        "neighbor entries of node " + node.name(),
                        endpoints,
                        limit,
                        "raise the sysctl net.ipv4.neigh.default.gc_thresh3 there, and net.ipv6's"));
    }

    /** Connections that the node's kernel tracks. Never refused for: connections come and go by themselves. */
    public static Optional<Use> trackedConnections(Node node, long tracked) {
        return limit(node, KernelLimit.TRACKED_CONNECTIONS)
                .map(
                        limit -> new Use(
                                "tracked connections of node " + node.name(),
                                tracked,
                                limit,
                                "raise the sysctl net.netfilter.nf_conntrack_max there; new connections are dropped beyond it"));
    }

    private static Optional<Long> limit(Node node, KernelLimit limit) {
        return Optional.ofNullable(node.facts().limits().get(limit)).filter(value -> value > 0);
    }
}
