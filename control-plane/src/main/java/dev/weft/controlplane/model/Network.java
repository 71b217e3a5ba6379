package dev.weft.controlplane.model;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A network.
 *
 * @param families the address families that it serves; empty for host and null
 * @param subnets in the order in which they were asked for
 * @param traits what is switched on
 * @param options driver options as given, unknown ones included
 */
public record Network(
        NetworkId id,
        String name,
        Driver driver,
        Scope scope,
        Instant createTime,
        Set<IpFamily> families,
        List<Subnet> subnets,
        String ipamDriver,
        Map<String, String> ipamOptions,
        Set<Trait> traits,
        Map<String, String> options,
        Map<String, String> labels) {

    /** Properties that a network has or has not. */
    public enum Trait {
        /** No way out: no default route, no masquerading. */
        INTERNAL,
        /** Docker's flag, kept for its clients: every overlay can be joined by hand here. */
        ATTACHABLE,
        /** Exists from the start and cannot be deleted. */
        PREDEFINED
    }

    public Network {
        families = Set.copyOf(families);
        subnets = List.copyOf(subnets);
        ipamOptions = sorted(ipamOptions);
        traits = Set.copyOf(traits);
        options = sorted(options);
        labels = sorted(labels);
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** The node that a local network belongs to. */
    public Optional<NodeName> node() {
        return switch (scope) {
            case Scope.Local(NodeName node) -> Optional.of(node);
            case Scope.Global() -> Optional.empty();
        };
    }

    /** The subnet that holds the address. */
    public Optional<Subnet> subnetOf(IpAddress address) {
        return subnets.stream()
                .filter(subnet -> subnet.cidr().contains(address))
                .findFirst();
    }

    static Map<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
