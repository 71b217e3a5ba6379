package dev.weft.node.kernel;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.Locale;

/** The sets of the firewall tables. All that is said per network or endpoint is an element of one of them. */
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
    /** Subnets with the host's address that what leaves them carries instead of that of the way out. */
    SNAT4,
    SNAT6,
    /** The node's own tunnel addresses: VXLAN to them is let in from known VTEPs only. */
    TUNNELS4,
    TUNNELS6,
    /** Tunnel addresses of the nodes that take part in this node's overlays. */
    VTEPS4,
    VTEPS6,
    /** Bridges that whoever outside has a route may reach, in a family. */
    UNPROTECTED4,
    UNPROTECTED6,
    /** Bridges at whose endpoints' published ports whoever outside has a route may knock, in a family. */
    ROUTED4,
    ROUTED6,
    /** Pairs of an interface of the host and a bridge: by the one the published ports on the other may be reached. */
    TRUSTED,
    /** Address, protocol and port of endpoints: what those of the two above may reach. */
    OPENED4,
    OPENED6,
    /** Bridges with their subnets: what leaves to where it is from was turned round by the host. */
    HAIRPIN4,
    HAIRPIN6,
    /** Published on one address: where each port leads. */
    PORTS4,
    PORTS6,
    /** Published on all addresses of the family. */
    ANYPORTS4,
    ANYPORTS6,
    /** Host's ends of endpoints: what comes in by them must be in one of the sets below. */
    PORTS(Table.BRIDGE),
    /** Port, MAC and address of what an endpoint may send as. */
    SOURCES4(Table.BRIDGE),
    SOURCES6(Table.BRIDGE),
    /** Port, MAC and address, as a number, of what an endpoint may solicit or advertise as its own. */
    TARGETS6(Table.BRIDGE);

    /** The table that a set is part of, by its family: one sees packets, the other frames. */
    public enum Table {
        INET,
        BRIDGE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Table table;

    FirewallSet() {
        this(Table.INET);
    }

    FirewallSet(Table table) {
        this.table = table;
    }

    public Table table() {
        return table;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where a port that is published on the address is told. */
    public static FirewallSet ports(IpAddress hostAddress) {
        boolean ipv4 = hostAddress.family() == IpFamily.IPV4;
        if (hostAddress.isUnspecified()) {
            return ipv4 ? ANYPORTS4 : ANYPORTS6;
        }
        return ipv4 ? PORTS4 : PORTS6;
    }

    /** Whether elements have a value: those of maps. */
    public boolean isMap() {
        return switch (this) {
            case PORTS4, PORTS6, ANYPORTS4, ANYPORTS6, SNAT4, SNAT6 -> true;
            case BRIDGES,
                    INTRA,
                    INTERNAL,
                    HAIRPIN4,
                    HAIRPIN6,
                    MASQUERADE4,
                    MASQUERADE6,
                    TUNNELS4,
                    TUNNELS6,
                    VTEPS4,
                    VTEPS6,
                    UNPROTECTED4,
                    UNPROTECTED6,
                    ROUTED4,
                    ROUTED6,
                    TRUSTED,
                    OPENED4,
                    OPENED6,
                    PORTS,
                    SOURCES4,
                    SOURCES6,
                    TARGETS6 -> false;
        };
    }

    public static FirewallSet masquerade(IpFamily family) {
        return family == IpFamily.IPV4 ? MASQUERADE4 : MASQUERADE6;
    }

    public static FirewallSet snat(IpFamily family) {
        return family == IpFamily.IPV4 ? SNAT4 : SNAT6;
    }

    public static FirewallSet sources(IpFamily family) {
        return family == IpFamily.IPV4 ? SOURCES4 : SOURCES6;
    }

    public static FirewallSet unprotected(IpFamily family) {
        return family == IpFamily.IPV4 ? UNPROTECTED4 : UNPROTECTED6;
    }

    public static FirewallSet routed(IpFamily family) {
        return family == IpFamily.IPV4 ? ROUTED4 : ROUTED6;
    }

    public static FirewallSet opened(IpFamily family) {
        return family == IpFamily.IPV4 ? OPENED4 : OPENED6;
    }

    public static FirewallSet hairpin(IpFamily family) {
        return family == IpFamily.IPV4 ? HAIRPIN4 : HAIRPIN6;
    }

    public static FirewallSet tunnels(IpFamily family) {
        return family == IpFamily.IPV4 ? TUNNELS4 : TUNNELS6;
    }

    public static FirewallSet vteps(IpFamily family) {
        return family == IpFamily.IPV4 ? VTEPS4 : VTEPS6;
    }
}
