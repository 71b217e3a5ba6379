package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.Cidr;
import dev.weft.net.IpFamily;

/**
 * A unicast route wanted: {@code ip route add DESTINATION via … dev … proto … scope … table … metric …}.
 *
 * @param destination a length of 0 makes it the default route
 * @param metric the lower the better, unsigned; 0 for the kernel's default, which is 0 for IPv4 and 1024 for IPv6
 */
public record RouteSpec(
        Cidr destination, NextHop nextHop, RouteTable table, RouteProtocol protocol, RouteScope scope, int metric) {

    /** A route in the main table with the scope that iproute2 would choose and the kernel's default metric. */
    public static RouteSpec of(Cidr destination, NextHop nextHop, RouteProtocol protocol) {
        RouteScope scope = switch (nextHop) {
            // IPv6 has no scopes: the kernel reports all its routes as global.
            case NextHop.Direct _ -> destination.family() == IpFamily.IPV4 ? RouteScope.LINK : RouteScope.UNIVERSE;
            case NextHop.Via _ -> RouteScope.UNIVERSE;
        };
        return new RouteSpec(destination, nextHop, RouteTable.MAIN, protocol, scope, 0);
    }
}
