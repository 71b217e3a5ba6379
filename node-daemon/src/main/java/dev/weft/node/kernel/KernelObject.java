package dev.weft.node.kernel;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.net.TransportProtocol;
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
                KernelObject.HostPort,
                KernelObject.TunnelEntry,
                KernelObject.FloodEntry,
                KernelObject.PortEntry,
                KernelObject.Neighbor,
                KernelObject.Route,
                KernelObject.Qdisc,
                KernelObject.Diversion,
                KernelObject.Resolver,
                KernelObject.FirewallTable,
                KernelObject.FirewallElement {

    KernelKey key();

    /** The links of its namespace that it cannot be without; the first is the one that it is on and is gone with. */
    default List<InterfaceName> links() {
        return key().link().stream().toList();
    }

    /**
     * A sandbox's namespace, held open.
     *
     * @param origin whose it is
     */
    record SandboxNamespace(String sandboxId, NamespaceOrigin origin) implements KernelObject {
        @Override
        public KernelKey key() {
            return new KernelKey.OfNamespace(sandboxId);
        }
    }

    /**
     * What a sandbox's processes see as /etc/hosts, /etc/hostname and /etc/resolv.conf.
     *
     * @param hosts lines of /etc/hosts after those of loopback
     */
    record SandboxFiles(String sandboxId, String hostname, List<String> hosts, NameService nameService, DnsSettings dns)
            implements KernelObject {

        /** Whom the sandbox's processes ask for names. */
        public enum NameService {
            /** The {@link Resolver} inside the sandbox. */
            RESOLVER,
            /** The host's own name servers, or the user's. */
            UPSTREAM,
            /** As the sandbox whose namespace it shares: it has that one's files, and none of its own. */
            OF_OWNER
        }

        /** What there is for a sandbox that shares another's namespace: a place for what the daemon notes of it. */
        public static SandboxFiles ofSharer(String sandboxId) {
            return new SandboxFiles(sandboxId, "", List.of(), NameService.OF_OWNER, DnsSettings.AS_THE_HOST);
        }

        /** Those of a sandbox that has the host's name servers. */
        public SandboxFiles(String sandboxId, String hostname, List<String> hosts) {
            this(sandboxId, hostname, hosts, NameService.UPSTREAM, DnsSettings.AS_THE_HOST);
        }

        public SandboxFiles {
            hosts = List.copyOf(hosts);
        }

        @Override
        public KernelKey key() {
            return new KernelKey.OfFiles(sandboxId);
        }
    }

    /**
     * The sandbox's own name server, at 127.0.0.11 in its namespace. It is up as long as the daemon is.
     *
     * @param networks ids, in the order in which names are looked up in them
     * @param wayOut whether the sandbox has one; without it the host's name servers are not asked for it either
     */
    record Resolver(String sandboxId, List<String> networks, DnsSettings dns, WayOut wayOut) implements KernelObject {

        public enum WayOut {
            OPEN,
            /** All its networks are internal: what the host asked for it would get out after all (CVE-2024-29018). */
            CLOSED
        }

        public Resolver {
            networks = List.copyOf(networks);
        }

        @Override
        public KernelKey key() {
            return new KernelKey.OfResolver(sandboxId);
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

    /**
     * A port of the host, held by a socket of the daemon's so that nobody else can have it.
     *
     * @param address 0.0.0.0 or {@code ::} for all of the family
     */
    record HostPort(TransportProtocol protocol, IpAddress address, int port) implements KernelObject, KernelKey {
        @Override
        public KernelKey key() {
            return this;
        }

        @Override
        public ObjectKind kind() {
            return ObjectKind.PORT;
        }

        /** As messages name it: {@code [::]:80/tcp}. */
        @Override
        public String toString() {
            return "port " + shown();
        }

        public String shown() {
            return (address.family() == IpFamily.IPV6 ? "[" + address + "]" : address) + ":" + port + "/" + protocol;
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

    /**
     * A route of the main table.
     *
     * @param gateway the unspecified address where the destination is on the link itself
     */
    record Route(Cidr destination, IpAddress gateway, InterfaceName onLink) implements KernelObject {

        public boolean isDirect() {
            return gateway.isUnspecified();
        }

        @Override
        public KernelKey key() {
            return new KernelKey.OfRoute(destination);
        }

        @Override
        public List<InterfaceName> links() {
            return List.of(onLink);
        }

        @Override
        public String toString() {
            return "route " + destination + (isDirect() ? "" : " via " + gateway) + " dev " + onLink;
        }
    }

    /**
     * The limit of what a link sends: a token bucket, as {@link Shaping} makes it of a rate.
     *
     * @param buffer how long a full bucket lasts, in the kernel's ticks
     * @param limit bytes that may wait
     */
    record Qdisc(InterfaceName onLink, long bytesPerSecond, long buffer, long limit) implements KernelObject {
        @Override
        public KernelKey key() {
            return new KernelKey.OfQdisc(onLink);
        }

        @Override
        public String toString() {
            return "qdisc tbf rate " + bytesPerSecond * 8 + "bit buffer " + buffer + " limit " + limit + " dev "
                    + onLink;
        }
    }

    /**
     * What comes in by a link goes out by another first, and comes in then: so that there is a queue for it.
     *
     * @param through of kind ifb; the link itself says that it leads nowhere, as when that other was deleted
     */
    record Diversion(InterfaceName onLink, InterfaceName through) implements KernelObject {
        @Override
        public KernelKey key() {
            return new KernelKey.OfDiversion(onLink);
        }

        @Override
        public List<InterfaceName> links() {
            return List.of(onLink, through);
        }

        @Override
        public String toString() {
            return "diversion of what comes in by " + onLink + " through " + through;
        }
    }

    /** The firewall tables: their chains, rules and sets, without elements. */
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
     * An element of a set or map of the firewall tables. Of a map another value makes it another element: the old one goes
     * and the new one comes in one transaction.
     *
     * @param value in nft's own notation: {@code "br-a"}, {@code "br-a" . "br-a"}, 10.0.0.0/24, {@code tcp . 8080 : 172.17.0.2 . 80}
     */
    record FirewallElement(FirewallSet set, String value) implements KernelObject, KernelKey {

        /** The bridge or port that it is about, if it names one. */
        public Optional<InterfaceName> about() {
            int end = value.indexOf('"', 1);
            return value.startsWith("\"") && end > 0
                    ? Optional.of(new InterfaceName(value.substring(1, end)))
                    : Optional.empty();
        }

        /** Where a port of the host leads. */
        public static FirewallElement publishing(HostPort port, IpAddress target, int targetPort) {
            String address = port.address().isUnspecified() ? "" : port.address() + " . ";
            return new FirewallElement(
                    FirewallSet.ports(port.address()),
                    address + port.protocol() + " . " + port.port() + " : " + target + " . " + targetPort);
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
