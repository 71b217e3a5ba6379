package dev.weft.node.dataplane.rtnetlink.model;

import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A verb with its object: one change of the kernel's state. Each names its {@code ip} or {@code bridge} twin. */
public sealed interface Request {

    /** What is attempted and on what, for messages. */
    String describe();

    /**
     * {@code ip link add}: EEXIST if the name is taken. An alias follows in a message of its own, so it cannot go with a
     * link that is added in another namespace.
     */
    record AddLink(LinkSpec spec) implements Request {
        public AddLink {
            boolean elsewhere = spec.attributes().stream().anyMatch(LinkAttribute.Namespace.class::isInstance);
            for (LinkAttribute attribute : spec.attributes()) {
                if (attribute instanceof LinkAttribute.Name
                        || (elsewhere && attribute instanceof LinkAttribute.Alias)) {
                    throw new IllegalArgumentException(
                            "link " + spec.name() + " cannot be added with " + attribute + ": set it afterwards");
                }
            }
        }

        @Override
        public String describe() {
            return "add link " + spec.name() + " (" + spec.kind() + ")";
        }
    }

    /** {@code ip link set dev LINK …}: all in one message, in the kernel's own order. */
    record SetLink(LinkRef link, List<LinkAttribute> changes) implements Request {
        public SetLink {
            changes = List.copyOf(changes);
        }

        @Override
        public String describe() {
            return "set link " + link + " " + changes;
        }
    }

    /** {@code ip link set dev LINK type bridge …}. */
    record SetBridge(LinkRef link, List<BridgeOption> options) implements Request {
        public SetBridge {
            options = List.copyOf(options);
        }

        @Override
        public String describe() {
            return "set bridge " + link + " " + options;
        }
    }

    /** {@code bridge link set dev LINK FLAG on|off …}; what is not in the map stays. */
    record SetBridgePort(LinkRef link, Map<BridgePortFlag, Toggle> flags) implements Request {
        public SetBridgePort {
            flags = Map.copyOf(flags);
        }

        @Override
        public String describe() {
            return "set bridge port " + link + " " + new TreeMap<>(flags);
        }
    }

    /** {@code ip link delete dev LINK}. */
    record DeleteLink(LinkRef link) implements Request {
        @Override
        public String describe() {
            return "delete link " + link;
        }
    }

    /** {@code ip address add}: EEXIST if the link has it. */
    record AddAddress(AddressSpec spec) implements Request {
        @Override
        public String describe() {
            return "add address " + spec.address() + " dev " + spec.link();
        }
    }

    /** {@code ip address replace}: adds it, or changes the flags of the one that is there. */
    record ReplaceAddress(AddressSpec spec) implements Request {
        @Override
        public String describe() {
            return "replace address " + spec.address() + " dev " + spec.link();
        }
    }

    /** {@code ip address delete}. */
    record DeleteAddress(LinkRef link, InterfaceAddress address) implements Request {
        @Override
        public String describe() {
            return "delete address " + address + " dev " + link;
        }
    }

    /** {@code ip route add}: EEXIST if the table has one to that destination with that metric. */
    record AddRoute(RouteSpec spec) implements Request {
        @Override
        public String describe() {
            return "add route " + spec.destination() + " " + spec.nextHop() + " table " + spec.table();
        }
    }

    /** {@code ip route replace}. */
    record ReplaceRoute(RouteSpec spec) implements Request {
        @Override
        public String describe() {
            return "replace route " + spec.destination() + " " + spec.nextHop() + " table " + spec.table();
        }
    }

    /** {@code ip route delete}: one that matches in everything the spec says. */
    record DeleteRoute(RouteSpec spec) implements Request {
        @Override
        public String describe() {
            return "delete route " + spec.destination() + " " + spec.nextHop() + " table " + spec.table();
        }
    }

    /** {@code ip neighbor add}: EEXIST if there is one, learned or not. */
    record AddNeighbor(NeighborSpec spec) implements Request {
        @Override
        public String describe() {
            return "add neighbor " + spec.address() + " lladdr " + spec.mac() + " dev " + spec.link();
        }
    }

    /** {@code ip neighbor replace}. */
    record ReplaceNeighbor(NeighborSpec spec) implements Request {
        @Override
        public String describe() {
            return "replace neighbor " + spec.address() + " lladdr " + spec.mac() + " dev " + spec.link();
        }
    }

    /** {@code ip neighbor delete}. */
    record DeleteNeighbor(LinkRef link, IpAddress address) implements Request {
        @Override
        public String describe() {
            return "delete neighbor " + address + " dev " + link;
        }
    }

    /**
     * {@code tc qdisc replace dev LINK root handle HANDLE tbf …}: takes the place of whatever is there. One of the same
     * handle is changed and its queue stays, as large as its packets may be for the new bucket.
     */
    record ReplaceQdisc(LinkRef link, QdiscHandle handle, TokenBucket bucket) implements Request {
        @Override
        public String describe() {
            return "limit link " + link + " to " + bucket.bytesPerSecond() * 8
                    + " bit/s (qdisc tbf, of the kernel's module sch_tbf)";
        }
    }

    /** {@code tc qdisc delete dev LINK root handle HANDLE}. */
    record DeleteQdisc(LinkRef link, QdiscHandle handle) implements Request {
        @Override
        public String describe() {
            return "delete the limit of link " + link + " (qdisc " + handle + ")";
        }
    }

    /** {@code tc qdisc add dev LINK ingress}: EEXIST if there is one. */
    record AddIngress(LinkRef link) implements Request {
        @Override
        public String describe() {
            return "add qdisc ingress dev " + link + " (of the kernel's module sch_ingress)";
        }
    }

    /** {@code tc qdisc delete dev LINK ingress}: its classifiers go with it. */
    record DeleteIngress(LinkRef link) implements Request {
        @Override
        public String describe() {
            return "delete qdisc ingress dev " + link;
        }
    }

    /**
     * {@code tc filter add dev LINK ingress protocol all pref PRIORITY u32 match u32 0 0 action mirred egress redirect dev
     * TO}: all that comes in by the link, which has a qdisc ingress.
     *
     * @param priority 1 to 65535
     */
    record Redirect(LinkRef link, int priority, LinkRef to) implements Request {
        public Redirect {
            if (priority < 1 || priority > 0xFFFF) {
                throw new IllegalArgumentException("invalid priority " + priority + ": it should be 1 to 65535");
            }
        }

        @Override
        public String describe() {
            return "redirect what comes in by link " + link + " to " + to
                    + " (of the kernel's modules cls_u32 and act_mirred)";
        }
    }

    /** {@code bridge fdb append}: one more destination of an address; one that is there already is no error. */
    record AppendFdb(FdbSpec spec) implements Request {
        @Override
        public String describe() {
            return "append FDB entry " + spec.mac() + " dev " + spec.link() + " " + spec.target();
        }
    }

    /** {@code bridge fdb replace}: of an address with one destination. */
    record ReplaceFdb(FdbSpec spec) implements Request {
        @Override
        public String describe() {
            return "replace FDB entry " + spec.mac() + " dev " + spec.link() + " " + spec.target();
        }
    }

    /**
     * {@code bridge fdb delete}: of an address with several destinations, only this one. When the address is there but not
     * with this destination, the kernel reports success.
     */
    record DeleteFdb(FdbSpec spec) implements Request {
        @Override
        public String describe() {
            return "delete FDB entry " + spec.mac() + " dev " + spec.link() + " " + spec.target();
        }
    }
}
