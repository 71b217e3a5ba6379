package dev.weft.node.model;

import dev.weft.net.InterfaceName;
import dev.weft.net.Mtu;
import dev.weft.node.kernel.LinkKind;
import java.util.Optional;

/**
 * What the links of a macvlan or ipvlan network stand on, and how.
 *
 * @param parent host interface
 * @param mtu absent: the parent's, and it follows when that changes
 */
public record Uplink(InterfaceName parent, Origin origin, Attachment attachment, Optional<Mtu> mtu) {

    /** Whence the parent comes. */
    public sealed interface Origin {

        /** It is the host's. */
        record Existing() implements Origin {}

        /**
         * Made unless the host has it.
         *
         * @param tag 1 to 4094
         */
        record Vlan(InterfaceName base, int tag) implements Origin {}

        /** Made: a wire that leads nowhere. */
        record Dummy() implements Origin {}
    }

    /** How an endpoint's link stands on it. */
    public sealed interface Attachment {

        record Macvlan(LinkKind.Macvlan.Mode mode) implements Attachment {}

        record Ipvlan(LinkKind.Ipvlan.Mode mode, LinkKind.Ipvlan.Flag flag) implements Attachment {}
    }
}
