package dev.weft.node.kernel;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * Something that the daemon wants in a namespace, or has found there. For all but links the two are one type, so desired
 * and observed are the same when they are equal.
 */
public sealed interface KernelObject
        permits LinkSpec,
                ObservedLink,
                KernelObject.SandboxNamespace,
                KernelObject.SandboxFiles,
                KernelObject.Sysctl,
                KernelObject.LinkAddress,
                KernelObject.TunnelEntry,
                KernelObject.FloodEntry,
                KernelObject.PortEntry,
                KernelObject.Neighbor,
                KernelObject.Route,
                KernelObject.FirewallTable,
                KernelObject.FirewallElement {

    KernelKey key();

    /**
     * A sandbox's namespace, held open.
     *
     * @param externalPath where somebody else keeps it; absent when the daemon makes and removes it
     */
    record SandboxNamespace(String sandboxId, Optional<String> externalPath) implements KernelObject {
        @Override
        public KernelKey key() {
            return new KernelKey.OfNamespace(sandboxId);
        }
    }

    /**
     * What a sandbox's processes see as /etc/hosts and /etc/hostname; resolv.conf is made from the host's.
     *
     * @param hosts lines of /etc/hosts after those of loopback
     */
    record SandboxFiles(String sandboxId, String hostname, List<String> hosts) implements KernelObject {
        public SandboxFiles {
            hosts = List.copyOf(hosts);
        }

        @Override
        public KernelKey key() {
            return new KernelKey.OfFiles(sandboxId);
        }
    }

    /**
     * A setting.
     *
     * @param path relative to /proc/sys
     */
    record Sysctl(String path, String value) implements KernelObject {
        @Override
        public KernelKey key() {
            return new KernelKey.OfSysctl(path);
        }

        @Override
        public String toString() {
            return "sysctl " + path + " = " + value;
        }
    }

    /** An address on a link of ours, set without duplicate address detection. */
    record LinkAddress(InterfaceName onLink, InterfaceAddress address) implements KernelObject, KernelKey {
        @Override
        public KernelKey key() {
            return this;
        }

        @Override
        public ObjectKind kind() {
            return ObjectKind.ADDRESS;
        }

        @Override
        public Optional<InterfaceName> link() {
            return Optional.of(onLink);
        }

        @Override
        public String toString() {
            return "address " + address + " dev " + onLink;
        }
    }

    /** Frames for the MAC go to the VTEP. */
    record TunnelEntry(InterfaceName onLink, MacAddress mac, IpAddress vtep) implements KernelObject {
        @Override
        public KernelKey key() {
            return new KernelKey.OfTunnelEntry(onLink, mac);
        }

        @Override
        public String toString() {
            return "fdb " + mac + " dev " + onLink + " self dst " + vtep;
        }
    }

    /** Broadcasts and multicasts go to this VTEP too: an entry for the all-zero MAC. */
    record FloodEntry(InterfaceName onLink, IpAddress vtep) implements KernelObject, KernelKey {
        @Override
        public KernelKey key() {
            return this;
        }

        @Override
        public ObjectKind kind() {
            return ObjectKind.FDB;
        }

        @Override
        public Optional<InterfaceName> link() {
            return Optional.of(onLink);
        }

        @Override
        public String toString() {
            return "fdb flood dev " + onLink + " dst " + vtep;
        }
    }

    /** The bridge sends frames for the MAC to this port. */
    record PortEntry(InterfaceName onLink, MacAddress mac) implements KernelObject, KernelKey {
        @Override
        public KernelKey key() {
            return this;
        }

        @Override
        public ObjectKind kind() {
            return ObjectKind.FDB;
        }

        @Override
        public Optional<InterfaceName> link() {
            return Optional.of(onLink);
        }

        @Override
        public String toString() {
            return "fdb " + mac + " dev " + onLink + " master static";
        }
    }

    /** The VXLAN link answers for the address. */
    record Neighbor(InterfaceName onLink, IpAddress address, MacAddress mac) implements KernelObject {
        @Override
        public KernelKey key() {
            return new KernelKey.OfNeighbor(onLink, address);
        }

        @Override
        public String toString() {
            return "neighbor " + address + " lladdr " + mac + " dev " + onLink;
        }
    }

    record Route(Cidr destination, IpAddress gateway, InterfaceName onLink) implements KernelObject {
        @Override
        public KernelKey key() {
            return new KernelKey.OfRoute(destination);
        }

        @Override
        public String toString() {
            return "route " + destination + " via " + gateway + " dev " + onLink;
        }
    }

    /** The firewall table: its chains, rules and sets, without elements. */
    record FirewallTable(State state) implements KernelObject {

        public static final FirewallTable INTACT = new FirewallTable(State.INTACT);
        public static final FirewallTable DAMAGED = new FirewallTable(State.DAMAGED);

        public enum State {
            /** As this version of the daemon makes it. */
            INTACT,
            /** Of another version, or changed by somebody. */
            DAMAGED
        }

        @Override
        public KernelKey key() {
            return new KernelKey.OfTable();
        }

        @Override
        public String toString() {
            return "firewall table";
        }
    }

    /**
     * An element of a set of the firewall table.
     *
     * @param value in nft's own notation: {@code "br-a"}, {@code "br-a" . "br-a"}, 10.0.0.0/24
     */
    record FirewallElement(FirewallSet set, String value) implements KernelObject, KernelKey {

        /** The bridge that it names, if it names one. */
        public Optional<InterfaceName> bridge() {
            int end = value.indexOf('"', 1);
            return value.startsWith("\"") && end > 0
                    ? Optional.of(new InterfaceName(value.substring(1, end)))
                    : Optional.empty();
        }

        @Override
        public KernelKey key() {
            return this;
        }

        @Override
        public ObjectKind kind() {
            return ObjectKind.NFT;
        }

        @Override
        public String toString() {
            return "firewall " + set.label() + " { " + value + " }";
        }
    }
}
