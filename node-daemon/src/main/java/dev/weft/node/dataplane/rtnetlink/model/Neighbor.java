package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.util.Optional;

/**
 * A neighbor as the kernel reported it: {@code ip neighbor show}.
 *
 * @param mac empty while it is not resolved
 */
public record Neighbor(
        int linkIndex, IpAddress address, Optional<MacAddress> mac, NeighborState state, RouteProtocol protocol) {}
