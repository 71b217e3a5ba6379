package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.Cidr;
import java.util.List;

/**
 * A route as the kernel reported it: {@code ip route show}.
 *
 * @param nextHops one; several for a multipath route; none for one that only refuses. Links are given by index
 * @param metric unsigned
 */
public record Route(
        Cidr destination,
        List<NextHop> nextHops,
        RouteTable table,
        RouteProtocol protocol,
        RouteScope scope,
        RouteType type,
        int metric) {

    public Route {
        nextHops = List.copyOf(nextHops);
    }
}
