package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.InterfaceAddress;
import java.util.Set;

/** An address as the kernel reported it: {@code ip address show}. */
public record Address(int linkIndex, InterfaceAddress address, RouteScope scope, Set<AddressFlag> flags) {

    public Address {
        flags = Set.copyOf(flags);
    }
}
