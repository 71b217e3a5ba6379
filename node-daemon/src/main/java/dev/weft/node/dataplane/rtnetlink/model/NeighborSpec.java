package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;

/** A neighbor wanted: {@code ip neighbor replace ADDRESS lladdr MAC dev LINK nud STATE protocol N}. */
public record NeighborSpec(
        LinkRef link, IpAddress address, MacAddress mac, NeighborState state, RouteProtocol protocol) {

    public static NeighborSpec permanent(LinkRef link, IpAddress address, MacAddress mac, RouteProtocol protocol) {
        return new NeighborSpec(link, address, mac, NeighborState.PERMANENT, protocol);
    }
}
