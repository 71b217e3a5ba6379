package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.IpAddress;

/** Whose table an FDB entry is in, and where it leads. */
public sealed interface FdbTarget {

    /** {@code self dst VTEP}: in a VXLAN link's own table, to a remote node. */
    record Vtep(IpAddress address) implements FdbTarget {
        @Override
        public String toString() {
            return "dst " + address;
        }
    }

    /** {@code self}: in the link's own table. */
    record Self() implements FdbTarget {
        @Override
        public String toString() {
            return "self";
        }
    }

    /** {@code master}: in the table of the bridge that the link is a port of, to that port. */
    record Master() implements FdbTarget {
        @Override
        public String toString() {
            return "master";
        }
    }
}
