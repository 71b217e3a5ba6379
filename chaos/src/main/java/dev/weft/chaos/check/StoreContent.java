package dev.weft.chaos.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is stored. Numbers of fields are those of proto/, read there by a person.
 *
 * @param values by key, without the prefix that all keys have
 */
record StoreContent(long revision, Map<String, Value> values) {

    /** @param revision of its last change */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a record
    record Value(byte[] bytes, long revision) {
        Wire message() {
            return Wire.parse(bytes);
        }
    }

    /** @param gateway empty where there is none */
    record Subnet(String cidr, String gateway, long vni) {
        String prefix() {
            return cidr.substring(cidr.indexOf('/'));
        }

        boolean isIpv6() {
            return cidr.contains(":");
        }
    }

    record Network(
            String id,
            String name,
            String driver,
            String node,
            boolean ipv6,
            boolean internal,
            boolean predefined,
            String parent,
            List<Subnet> subnets) {

        boolean isOverlay() {
            return driver.equals("overlay");
        }

        boolean isBridge() {
            return driver.equals("bridge");
        }

        boolean isMacvlan() {
            return driver.equals("macvlan");
        }

        /** Where its addresses are unique: of macvlan networks of several nodes that have one subnet, that is one wire. */
        String wire() {
            return isMacvlan() && !parent.isEmpty()
                    ? "wire of " + subnets.stream().map(Subnet::cidr).sorted().toList()
                    : "network " + id;
        }

        /** Of the Linux bridge. */
        String bridge() {
            return predefined ? "weft0" : "br-" + id.substring(0, 12);
        }

        String tunnel() {
            return "vx-" + id.substring(0, 12);
        }
    }

    /** From the host port on {@code count} ports lead to as many from the container port on. */
    record Published(String hostAddress, int hostPort, int containerPort, int count) {}

    /**
     * @param owner id of the sandbox whose namespace it is in; empty where it has one
     * @param netnsPath of somebody else's namespace that it is; empty where the namespace is Weft's
     */
    record Sandbox(
            String id,
            String name,
            String node,
            String hostname,
            String owner,
            String netnsPath,
            List<Published> ports) {

        /** Whether the namespace is one that Weft made for it. */
        boolean isManaged() {
            return owner.isEmpty() && netnsPath.isEmpty();
        }

        /** What {@link HostView} calls the namespace. */
        String namespace() {
            return netnsPath.isEmpty() ? id : netnsPath;
        }

        /** What it is called on every network that it is on. */
        Set<String> names() {
            return new TreeSet<>(List.of(name, id.substring(0, 12), hostname));
        }
    }

    /**
     * @param ipv4 with prefix length, or empty; as ipv6
     * @param ingress bits a second into the sandbox, 0 for no limit; egress out of it
     */
    record Endpoint(
            String id,
            String networkId,
            String sandboxId,
            String mac,
            String ipv4,
            String ipv6,
            String interfaceName,
            long gatewayPriority,
            List<String> aliases,
            long ingress,
            long egress) {

        String link() {
            return "veth" + id.substring(0, 11);
        }

        /** Through which goes what it sends, where that is limited. */
        String egressLink() {
            return "ifb" + id.substring(0, 12);
        }

        List<String> addresses() {
            return Stream.of(ipv4, ipv6).filter(address -> !address.isEmpty()).toList();
        }

        /** Without prefix lengths. */
        List<String> bareAddresses() {
            return addresses().stream()
                    .map(address -> address.substring(0, address.indexOf('/')))
                    .toList();
        }
    }

    /** By id. */
    Map<String, Network> networks() {
        Map<String, Network> all = new TreeMap<>();
        below("networks/").forEach((id, value) -> {
            Wire wire = value.message();
            all.put(
                    id,
                    new Network(
                            id,
                            wire.text(2),
                            wire.text(3),
                            wire.text(5),
                            wire.flag(8),
                            wire.flag(12),
                            wire.flag(14),
                            wire.map(15).getOrDefault("parent", ""),
                            wire.messages(9).stream()
                                    .map(subnet -> new Subnet(subnet.text(1), subnet.text(3), subnet.number(5)))
                                    .toList()));
        });
        return all;
    }

    /** By id. */
    Map<String, Sandbox> sandboxes() {
        Map<String, Sandbox> all = new TreeMap<>();
        below("sandboxes/").forEach((id, value) -> {
            Wire wire = value.message();
            all.put(
                    id,
                    new Sandbox(
                            id,
                            wire.text(2),
                            wire.text(3),
                            wire.text(5),
                            wire.text(80),
                            wire.text(11),
                            wire.messages(20).stream()
                                    .map(port -> new Published(
                                            port.text(1), (int) port.number(2), (int) port.number(3), Math.max(1, (int)
                                                    port.number(5))))
                                    .toList()));
        });
        return all;
    }

    /** By id. */
    Map<String, Endpoint> endpoints() {
        Map<String, Endpoint> all = new TreeMap<>();
        below("endpoints/").forEach((id, value) -> {
            Wire wire = value.message();
            all.put(
                    id,
                    new Endpoint(
                            id,
                            wire.text(2),
                            wire.text(4),
                            wire.text(8),
                            wire.text(9),
                            wire.text(10),
                            wire.text(16),
                            wire.number(15),
                            wire.texts(13),
                            wire.message(80).number(1),
                            wire.message(80).number(2)));
        });
        return all;
    }

    /** Keys below a prefix, without it. */
    Map<String, Value> below(String prefix) {
        Map<String, Value> found = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }

    Optional<Value> value(String key) {
        return Optional.ofNullable(values.get(key));
    }
}
