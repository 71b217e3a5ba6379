package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.Vni;
import java.util.List;
import java.util.Set;

/** A link to be added: {@code ip link add NAME … type KIND …}. */
public sealed interface LinkSpec {

    InterfaceName name();

    LinkKind kind();

    List<LinkAttribute> attributes();

    /**
     * A bridge.
     *
     * @param options what differs from the kernel's defaults
     */
    record BridgeSpec(InterfaceName name, List<LinkAttribute> attributes, List<BridgeOption> options)
            implements LinkSpec {
        public BridgeSpec {
            attributes = List.copyOf(attributes);
            options = List.copyOf(options);
        }

        @Override
        public LinkKind kind() {
            return LinkKind.BRIDGE;
        }
    }

    /** A pair of links, each the other's cable end; the peer may be created right in another namespace. */
    record VethSpec(InterfaceName name, List<LinkAttribute> attributes, Peer peer) implements LinkSpec {
        public VethSpec {
            attributes = List.copyOf(attributes);
        }

        @Override
        public LinkKind kind() {
            return LinkKind.VETH;
        }
    }

    /**
     * The other end of a veth pair.
     *
     * @param attributes its MAC, MTU, group and namespace. The kernel takes no others at creation; above all a peer cannot
     *     be created up (ENOTCONN: it would be up before its pair exists)
     */
    record Peer(InterfaceName name, List<LinkAttribute> attributes) {
        public Peer {
            attributes = List.copyOf(attributes);
            for (LinkAttribute attribute : attributes) {
                switch (attribute) {
                    case LinkAttribute.HardwareAddress _,
                            LinkAttribute.MaximumTransmissionUnit _,
                            LinkAttribute.Group _,
                            LinkAttribute.Namespace _ -> {}
                    case LinkAttribute.Admin _,
                            LinkAttribute.Master _,
                            LinkAttribute.NoMaster _,
                            LinkAttribute.Alias _,
                            LinkAttribute.Name _,
                            LinkAttribute.Parent _ ->
                        throw new IllegalArgumentException("veth peer " + name + " cannot be created with " + attribute
                                + ": set it afterwards, in the peer's namespace");
                }
            }
        }
    }

    /**
     * A VXLAN tunnel without a device binding, so that the underlay may be reached by any route.
     *
     * @param local the address of this end (VTEP)
     * @param port the UDP port, 1 to 65535; IANA's is 4789
     * @param flags what is on; all others are set off
     */
    record VxlanSpec(
            InterfaceName name,
            List<LinkAttribute> attributes,
            Vni vni,
            IpAddress local,
            int port,
            Set<VxlanFlag> flags)
            implements LinkSpec {
        public VxlanSpec {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("invalid VXLAN port " + port + ": it should be 1 to 65535");
            }
            attributes = List.copyOf(attributes);
            flags = Set.copyOf(flags);
        }

        @Override
        public LinkKind kind() {
            return LinkKind.VXLAN;
        }
    }

    /** A link with a MAC of its own on its parent's wire. */
    record MacvlanSpec(InterfaceName name, List<LinkAttribute> attributes, MacvlanMode mode) implements LinkSpec {
        public MacvlanSpec {
            attributes = List.copyOf(attributes);
        }

        @Override
        public LinkKind kind() {
            return LinkKind.MACVLAN;
        }
    }

    /** A link with its parent's MAC and addresses of its own. */
    record IpvlanSpec(InterfaceName name, List<LinkAttribute> attributes, IpvlanMode mode, IpvlanFlag flag)
            implements LinkSpec {
        public IpvlanSpec {
            attributes = List.copyOf(attributes);
        }

        @Override
        public LinkKind kind() {
            return LinkKind.IPVLAN;
        }
    }

    /**
     * What of its parent's traffic carries one IEEE 802.1Q tag.
     *
     * @param id 1 to 4094
     */
    record VlanSpec(InterfaceName name, List<LinkAttribute> attributes, int id) implements LinkSpec {
        public VlanSpec {
            if (id < 1 || id > 4094) {
                throw new IllegalArgumentException("invalid VLAN id " + id + ": it should be 1 to 4094");
            }
            attributes = List.copyOf(attributes);
        }

        @Override
        public LinkKind kind() {
            return LinkKind.VLAN;
        }
    }

    /** A link of a kind that needs no options of its own, such as dummy, or macvlan in the kernel's default mode. */
    record PlainSpec(InterfaceName name, LinkKind kind, List<LinkAttribute> attributes) implements LinkSpec {
        public PlainSpec {
            attributes = List.copyOf(attributes);
        }
    }
}
