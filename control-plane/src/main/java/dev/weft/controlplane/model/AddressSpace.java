package dev.weft.controlplane.model;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every subnet in use in one address space: the global one, or the local one of a node.
 *
 * @param subnets ordered by block
 */
public record AddressSpace(List<UsedSubnet> subnets) {

    private static final Comparator<UsedSubnet> ORDER =
            Comparator.comparing(UsedSubnet::cidr).thenComparing(UsedSubnet::network);

    public static final AddressSpace EMPTY = new AddressSpace(List.of());

    public AddressSpace {
        subnets = subnets.stream().sorted(ORDER).toList();
    }

    /** This space with the network's subnets in it; a configuration network uses none. */
    public AddressSpace plus(Network network) {
        if (network.isConfigurationOnly()) {
            return this;
        }
        Stream<UsedSubnet> added =
                network.subnets().stream().map(subnet -> new UsedSubnet(subnet.cidr(), network.id(), subnet.vni()));
        return new AddressSpace(Stream.concat(subnets.stream(), added).toList());
    }

    /** This space without the network's subnets. */
    public AddressSpace minus(NetworkId network) {
        return new AddressSpace(subnets.stream()
                .filter(subnet -> !subnet.network().equals(network))
                .toList());
    }
}
