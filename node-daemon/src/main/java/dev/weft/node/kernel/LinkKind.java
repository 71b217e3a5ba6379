package dev.weft.node.kernel;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Vni;
import java.util.Locale;

/** What a link is, with what cannot be changed without making it anew. */
public sealed interface LinkKind {

    /** The kernel's name of the kind, {@code IFLA_INFO_KIND}; empty for loopback. */
    String kernelName();

    /** What else it is made with and cannot be changed, in ip-link's words; empty where there is nothing, or it is told elsewhere. */
    default String configuration() {
        return "";
    }

    /** A link that stands on another one of the host. */
    sealed interface OnParent extends LinkKind {
        InterfaceName parent();
    }

    /** A link on a parent's wire that is born in a sandbox. */
    sealed interface SharedWire extends OnParent {
        String sandboxId();
    }

    /** A link with a MAC of its own. */
    record Macvlan(String sandboxId, InterfaceName parent, Mode mode) implements SharedWire {

        /** How links on one parent reach each other. */
        public enum Mode {
            BRIDGE,
            PRIVATE,
            VEPA,
            PASSTHRU
        }

        @Override
        public String kernelName() {
            return "macvlan";
        }

        @Override
        public String configuration() {
            return "mode " + mode.name().toLowerCase(Locale.ROOT);
        }
    }

    /** A link with its parent's MAC. */
    record Ipvlan(String sandboxId, InterfaceName parent, Mode mode, Flag flag) implements SharedWire {

        /** At which layer links on one parent are told apart. */
        public enum Mode {
            L2,
            L3,
            L3S
        }

        /** How links on one parent reach each other. */
        public enum Flag {
            BRIDGE,
            PRIVATE,
            VEPA
        }

        @Override
        public String kernelName() {
            return "ipvlan";
        }

        @Override
        public String configuration() {
            return "mode " + mode.name().toLowerCase(Locale.ROOT) + " "
                    + flag.name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A VLAN sub-interface of the host. One that is there already is used as it is.
     *
     * @param tag 1 to 4094
     */
    record Vlan(InterfaceName parent, int tag) implements OnParent {
        @Override
        public String kernelName() {
            return "vlan";
        }

        @Override
        public String configuration() {
            return "id " + tag;
        }
    }

    /** A wire without a network card. */
    record Dummy() implements LinkKind {
        @Override
        public String kernelName() {
            return "dummy";
        }
    }

    /** A link through which what comes in by another is sent, for a queue on the way (an intermediate functional block). */
    record Ifb() implements LinkKind {
        @Override
        public String kernelName() {
            return "ifb";
        }
    }

    /** Somebody else's link, which must be there and is not touched. */
    record Existing() implements LinkKind {
        @Override
        public String kernelName() {
            return "";
        }
    }

    record Bridge() implements LinkKind {
        @Override
        public String kernelName() {
            return "bridge";
        }
    }

    /**
     * A VXLAN link that learns nothing and answers ARP and neighbor solicitations itself ({@code nolearning proxy}).
     *
     * @param local the node's tunnel address
     */
    record Vxlan(Vni vni, IpAddress local) implements LinkKind {
        /** RFC 7348 §8.1. */
        public static final int PORT = 4789;

        @Override
        public String kernelName() {
            return "vxlan";
        }
    }

    /** The host's end of a pair whose other end is born inside the sandbox. */
    record VethHost(String sandboxId, InterfaceName peerName, MacAddress peerMac) implements LinkKind {
        @Override
        public String kernelName() {
            return "veth";
        }
    }

    /** The sandbox's end: made and deleted with the host's. */
    record VethSandbox(InterfaceName hostEnd) implements LinkKind {
        @Override
        public String kernelName() {
            return "veth";
        }
    }

    /** Exists in every namespace; only brought up. */
    record Loopback() implements LinkKind {
        @Override
        public String kernelName() {
            return "";
        }
    }
}
