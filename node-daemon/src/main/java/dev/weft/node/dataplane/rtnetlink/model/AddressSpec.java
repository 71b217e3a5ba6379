package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.InterfaceAddress;
import java.util.Set;

/**
 * An address wanted on a link: {@code ip address add ADDRESS dev LINK …}.
 *
 * @param flags of {@link AddressFlag#NODAD} and {@link AddressFlag#NOPREFIXROUTE}; the kernel ignores the others
 */
public record AddressSpec(LinkRef link, InterfaceAddress address, Set<AddressFlag> flags) {

    public AddressSpec {
        flags = Set.copyOf(flags);
    }

    public static AddressSpec of(LinkRef link, InterfaceAddress address, AddressFlag... flags) {
        return new AddressSpec(link, address, Set.of(flags));
    }
}
