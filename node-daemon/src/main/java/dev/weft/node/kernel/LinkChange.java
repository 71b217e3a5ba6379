package dev.weft.node.kernel;

import dev.weft.net.InterfaceName;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import java.util.Set;
import java.util.TreeSet;

/** One attribute of a link to set. */
public sealed interface LinkChange {

    record SetMac(MacAddress mac) implements LinkChange {
        @Override
        public String toString() {
            return "mac " + mac;
        }
    }

    record SetMtu(Mtu mtu) implements LinkChange {
        @Override
        public String toString() {
            return "mtu " + mtu;
        }
    }

    record SetMaster(InterfaceName bridge) implements LinkChange {
        @Override
        public String toString() {
            return "master " + bridge;
        }
    }

    record SetAlias(String alias) implements LinkChange {
        @Override
        public String toString() {
            return "alias " + alias;
        }
    }

    /** All known traits: those named on, the others off. */
    record SetPort(Set<PortTrait> traits) implements LinkChange {
        public SetPort {
            traits = Set.copyOf(traits);
        }

        @Override
        public String toString() {
            return "port " + new TreeSet<>(traits);
        }
    }
}
