package dev.weft.node.kernel;

import dev.weft.net.IpFamily;
import java.util.Locale;

/** The sets of the firewall table. All that is said per network is an element of one of them. */
public enum FirewallSet {
    /** Bridges of networks. */
    BRIDGES,
    /** Pairs in, out of bridges between which forwarding is allowed: each with itself, unless its endpoints are apart. */
    INTRA,
    /** Bridges with no way in or out. */
    INTERNAL,
    /** Subnets whose traffic out of the node is masqueraded. */
    MASQUERADE4,
    MASQUERADE6,
    /** The node's own tunnel addresses: VXLAN to them is let in from known VTEPs only. */
    TUNNELS4,
    TUNNELS6,
    /** Tunnel addresses of the nodes that take part in this node's overlays. */
    VTEPS4,
    VTEPS6;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static FirewallSet masquerade(IpFamily family) {
        return family == IpFamily.IPV4 ? MASQUERADE4 : MASQUERADE6;
    }

    public static FirewallSet tunnels(IpFamily family) {
        return family == IpFamily.IPV4 ? TUNNELS4 : TUNNELS6;
    }

    public static FirewallSet vteps(IpFamily family) {
        return family == IpFamily.IPV4 ? VTEPS4 : VTEPS6;
    }
}
