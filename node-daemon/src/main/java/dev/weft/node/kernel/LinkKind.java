package dev.weft.node.kernel;

import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Vni;

/** What a link is, with what cannot be changed without making it anew. */
public sealed interface LinkKind {

    /** The kernel's name of the kind, {@code IFLA_INFO_KIND}; empty for loopback. */
    String kernelName();

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
