package dev.weft.node.kernel;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tells one object of a namespace from another. Objects that have nothing but their identity are their own keys.
 */
public sealed interface KernelKey
        permits KernelKey.OfNamespace,
                KernelKey.OfFiles,
                KernelKey.OfSysctl,
                KernelKey.OfLink,
                KernelKey.OfTunnelEntry,
                KernelKey.OfNeighbor,
                KernelKey.OfRoute,
                KernelKey.OfQdisc,
                KernelKey.OfDiversion,
                KernelKey.OfTable,
                KernelKey.OfResolver,
                KernelObject.LinkAddress,
                KernelObject.HostPort,
                KernelObject.FloodEntry,
                KernelObject.PortEntry,
                KernelObject.FirewallElement {

    /** By kind, then by text: plans come out the same whatever the order of what went in. */
    Comparator<KernelKey> ORDER =
            Comparator.<KernelKey, ObjectKind>comparing(KernelKey::kind).thenComparing(KernelKey::toString);

    ObjectKind kind();

    /** The link that the object is on: gone with it. */
    default Optional<InterfaceName> link() {
        return Optional.empty();
    }

    /** A sandbox's namespace, as the host holds it. */
    record OfNamespace(String sandboxId) implements KernelKey {
        @Override
        public ObjectKind kind() {
            return ObjectKind.NAMESPACE;
        }

        @Override
        public String toString() {
            return "namespace " + sandboxId;
        }
    }

    /** A sandbox's resolv.conf, hosts and hostname. */
    record OfFiles(String sandboxId) implements KernelKey {
        @Override
        public ObjectKind kind() {
            return ObjectKind.FILES;
        }

        @Override
        public String toString() {
            return "files of " + sandboxId;
        }
    }

    /**
     * A setting under /proc/sys.
     *
     * @param path relative to /proc/sys, parts separated by slashes
     */
    record OfSysctl(String path) implements KernelKey {

        private static final Pattern OF_LINK =
                Pattern.compile("net/(?:ipv[46]|mpls)/(?:conf|neigh)/(?!all/|default/)([^/]+)/.+");

        @Override
        public ObjectKind kind() {
            return ObjectKind.SYSCTL;
        }

        /** Settings of a link appear and go with it. */
        @Override
        public Optional<InterfaceName> link() {
            Matcher matcher = OF_LINK.matcher(path);
            return matcher.matches() ? Optional.of(new InterfaceName(matcher.group(1))) : Optional.empty();
        }

        @Override
        public String toString() {
            return "sysctl " + path;
        }
    }

    /** What answers queries for names inside the sandbox. */
    record OfResolver(String sandboxId) implements KernelKey {
        @Override
        public ObjectKind kind() {
            return ObjectKind.RESOLVER;
        }

        @Override
        public String toString() {
            return "resolver of " + sandboxId;
        }
    }

    record OfLink(InterfaceName name) implements KernelKey {
        @Override
        public ObjectKind kind() {
            return ObjectKind.LINK;
        }

        @Override
        public String toString() {
            return "link " + name;
        }
    }

    /** Where a VXLAN link sends frames for a MAC. */
    record OfTunnelEntry(InterfaceName onLink, MacAddress mac) implements KernelKey {
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
            return "fdb " + mac + " dev " + onLink + " self";
        }
    }

    record OfNeighbor(InterfaceName onLink, IpAddress address) implements KernelKey {
        @Override
        public ObjectKind kind() {
            return ObjectKind.NEIGHBOR;
        }

        @Override
        public Optional<InterfaceName> link() {
            return Optional.of(onLink);
        }

        @Override
        public String toString() {
            return "neighbor " + address + " dev " + onLink;
        }
    }

    record OfRoute(Cidr destination) implements KernelKey {
        @Override
        public ObjectKind kind() {
            return ObjectKind.ROUTE;
        }

        @Override
        public String toString() {
            return "route " + destination;
        }
    }

    /** The limit of what a link sends. */
    record OfQdisc(InterfaceName onLink) implements KernelKey {
        @Override
        public ObjectKind kind() {
            return ObjectKind.QDISC;
        }

        @Override
        public Optional<InterfaceName> link() {
            return Optional.of(onLink);
        }

        @Override
        public String toString() {
            return "qdisc dev " + onLink;
        }
    }

    /** What comes in by a link and goes through another first. */
    record OfDiversion(InterfaceName onLink) implements KernelKey {
        @Override
        public ObjectKind kind() {
            return ObjectKind.QDISC;
        }

        @Override
        public Optional<InterfaceName> link() {
            return Optional.of(onLink);
        }

        @Override
        public String toString() {
            return "diversion dev " + onLink;
        }
    }

    /** The nftables table, with all that is in it but the elements of its sets. */
    record OfTable() implements KernelKey {
        @Override
        public ObjectKind kind() {
            return ObjectKind.NFT;
        }

        @Override
        public String toString() {
            return "firewall";
        }
    }
}
