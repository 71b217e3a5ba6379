package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A link as the kernel reported it: {@code ip -d link show}.
 *
 * @param index its number in its namespace
 * @param name as the kernel has it, which allows more than {@link dev.weft.net.InterfaceName}
 * @param mac empty for links without an Ethernet address
 * @param mtu in bytes; the loopback's is beyond {@link dev.weft.net.Mtu}
 * @param alias empty when it has none
 * @param lower the index of the link that it stands on, or of a veth's peer, in the namespace of {@code lowerNamespace}
 * @param lowerNamespace the number by which this namespace knows that other one; empty when it is this one
 */
public record Link(
        int index,
        String name,
        LinkKind kind,
        LinkDetails details,
        Optional<MacAddress> mac,
        int mtu,
        LinkGroup group,
        String alias,
        Set<LinkFlag> flags,
        OperState operState,
        Enslavement enslavement,
        OptionalInt lower,
        OptionalInt lowerNamespace) {

    public Link {
        flags = Set.copyOf(flags);
    }

    public LinkRef ref() {
        return LinkRef.of(index);
    }

    public boolean isUp() {
        return flags.contains(LinkFlag.UP);
    }

    /** The index of the link that this one is a port of. */
    public OptionalInt masterIndex() {
        return switch (enslavement) {
            case Enslavement.Free _ -> OptionalInt.empty();
            case Enslavement.PortOf port -> OptionalInt.of(port.masterIndex());
        };
    }
}
