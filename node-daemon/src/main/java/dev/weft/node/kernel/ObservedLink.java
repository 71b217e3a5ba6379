package dev.weft.node.kernel;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Vni;
import java.util.Optional;
import java.util.Set;

/**
 * A link as the kernel has it.
 *
 * @param index the kernel's number for it
 * @param kindName {@code IFLA_INFO_KIND}; empty for loopback and hardware
 * @param alias empty where there is none
 * @param mtu in bytes; the loopback's is beyond {@link dev.weft.net.Mtu}
 * @param port present on ports of bridges
 * @param configuration as {@link LinkKind#configuration} has it
 */
public record ObservedLink(
        InterfaceName name,
        int index,
        String kindName,
        Owner owner,
        String alias,
        Optional<MacAddress> mac,
        int mtu,
        Optional<InterfaceName> master,
        AdminState state,
        Optional<Tunnel> tunnel,
        Optional<Set<PortTrait>> port,
        String configuration)
        implements KernelObject {

    /** A link of a kind that has no {@link LinkKind#configuration}. */
    public ObservedLink(
            InterfaceName name,
            int index,
            String kindName,
            Owner owner,
            String alias,
            Optional<MacAddress> mac,
            int mtu,
            Optional<InterfaceName> master,
            AdminState state,
            Optional<Tunnel> tunnel,
            Optional<Set<PortTrait>> port) {
        this(name, index, kindName, owner, alias, mac, mtu, master, state, tunnel, port, "");
    }

    /** By the interface group, see {@link LinkSpec#GROUP}. */
    public enum Owner {
        WEFT,
        OTHERS
    }

    /** {@code IFF_UP}. */
    public enum AdminState {
        UP,
        DOWN
    }

    /**
     * What a VXLAN link was made with.
     *
     * @param behaviour whether it learns nothing and answers neighbors itself, as ours do
     */
    public record Tunnel(Vni vni, Optional<IpAddress> local, int port, Behaviour behaviour) {

        /** The flags of a VXLAN link, as far as they matter. */
        public enum Behaviour {
            PROGRAMMED,
            OTHER
        }
    }

    public ObservedLink {
        port = port.map(Set::copyOf);
    }

    @Override
    public KernelKey key() {
        return new KernelKey.OfLink(name);
    }

    public ObservedLink withMaster(Optional<InterfaceName> newMaster, Optional<Set<PortTrait>> newPort) {
        return new ObservedLink(
                name, index, kindName, owner, alias, mac, mtu, newMaster, state, tunnel, newPort, configuration);
    }

    ObservedLink with(String newAlias, Optional<MacAddress> newMac, int newMtu, AdminState newState) {
        return new ObservedLink(
                name, index, kindName, owner, newAlias, newMac, newMtu, master, newState, tunnel, port, configuration);
    }
}
