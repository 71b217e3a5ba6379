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
 * @param configuration whose families, subnets, IPAM, options and labels these are. A configuration network's subnets
 *     are what was asked for, with {@code 0.0.0.0/24} for any of that size; no address of them is in use
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
        Map<String, String> labels,
        Configuration configuration) {

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

    /** A network with a configuration of its own. */
    public Network(
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
        this(
                id,
                name,
                driver,
                scope,
                createTime,
                families,
                subnets,
                ipamDriver,
                ipamOptions,
                traits,
                options,
                labels,
                new Configuration.Own());
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** Whether it is there for others to be made from, and never built itself. */
    public boolean isConfigurationOnly() {
        return configuration instanceof Configuration.Only;
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
