package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.MacAddress;
import java.util.OptionalInt;

/**
 * An FDB entry as the kernel reported it: {@code bridge fdb show}.
 *
 * @param linkIndex the port or tunnel that it leads to
 * @param bridgeIndex the bridge whose table it is in; empty for one in a link's own table
 * @param state permanent, or noarp for a static one; anything else was learned
 */
public record FdbEntry(int linkIndex, MacAddress mac, FdbTarget target, OptionalInt bridgeIndex, NeighborState state) {}
