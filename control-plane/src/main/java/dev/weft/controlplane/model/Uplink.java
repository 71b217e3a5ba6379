package dev.weft.controlplane.model;

import dev.weft.net.InterfaceName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the links of a macvlan or ipvlan network stand on, and how: its driver options, under Docker's names.
 *
 * @param parent host interface
 * @param mode one of {@link #modes}
 * @param flag one of {@link #FLAGS}; {@code bridge} on macvlan, where it means nothing
 */
public record Uplink(InterfaceName parent, Origin origin, String mode, String flag) {

    public static final String PARENT = "parent";
    public static final String MACVLAN_MODE = "macvlan_mode";
    public static final String IPVLAN_MODE = "ipvlan_mode";
    public static final String IPVLAN_FLAG = "ipvlan_flag";

    public static final String PASSTHRU = "passthru";
    public static final Set<String> FLAGS = Set.of("bridge", "private", "vepa");

    private static final Set<String> MACVLAN_MODES = Set.of("bridge", "private", "vepa", PASSTHRU);
    private static final Set<String> IPVLAN_MODES = Set.of("l2", "l3", "l3s");

    /** Whence the parent comes. */
    public sealed interface Origin {

        /** The host has it. */
        record Existing() implements Origin {}

        /**
         * The node makes it unless the host has it: users write {@code eth0.10}.
         *
         * @param tag outside 1 to 4094 only until admission has looked
         */
        record Vlan(InterfaceName base, int tag) implements Origin {}

        /** The node makes a wire that leads nowhere, as no parent was named. */
        record Dummy() implements Origin {}
    }

    /** The modes of a driver; empty for one without. */
    public static Set<String> modes(Driver driver) {
        return switch (driver) {
            case MACVLAN -> MACVLAN_MODES;
            case IPVLAN -> IPVLAN_MODES;
            case BRIDGE, OVERLAY, HOST, NULL -> Set.of();
        };
    }

    /** The network's uplink; empty for drivers without. */
    public static Optional<Uplink> of(Network network) {
        return switch (network.driver()) {
            case MACVLAN -> Optional.of(read(network, "dm-", network.options().getOrDefault(MACVLAN_MODE, "bridge")));
            case IPVLAN -> Optional.of(read(network, "di-", network.options().getOrDefault(IPVLAN_MODE, "l2")));
            case BRIDGE, OVERLAY, HOST, NULL -> Optional.empty();
        };
    }

    private static Uplink read(Network network, String dummyPrefix, String mode) {
        Map<String, String> options = network.options();
        String flag = network.driver() == Driver.IPVLAN ? options.getOrDefault(IPVLAN_FLAG, "bridge") : "bridge";
        String parent = options.getOrDefault(PARENT, "");
        return parent.isEmpty()
                ? new Uplink(new InterfaceName(dummyPrefix + network.id().shortId()), new Origin.Dummy(), mode, flag)
                : new Uplink(new InterfaceName(parent), origin(parent), mode, flag);
    }

    /** What a parent's name says: {@code eth0.10} is a VLAN sub-interface, and everything else is the host's. */
    public static Origin origin(String parent) {
        int dot = parent.indexOf('.');
        if (dot < 1 || dot != parent.lastIndexOf('.') || dot == parent.length() - 1) {
            return new Origin.Existing();
        }
        String tag = parent.substring(dot + 1);
        return tag.length() <= 6 && tag.chars().allMatch(c -> c >= '0' && c <= '9')
                ? new Origin.Vlan(new InterfaceName(parent.substring(0, dot)), Integer.parseInt(tag))
                : new Origin.Existing();
    }

    /** Whether packets are routed by the node at once: there is no router on the wire. */
    public boolean isRouted() {
        return mode.equals("l3") || mode.equals("l3s");
    }
}
