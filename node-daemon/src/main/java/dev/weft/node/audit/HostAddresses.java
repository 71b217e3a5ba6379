package dev.weft.node.audit;

import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.node.dataplane.rtnetlink.Rtnetlink;
import dev.weft.node.dataplane.rtnetlink.model.Address;
import dev.weft.node.dataplane.rtnetlink.model.AddressFlag;
import dev.weft.node.dataplane.rtnetlink.model.Link;
import dev.weft.node.dataplane.rtnetlink.model.LinkFlag;
import dev.weft.node.dataplane.rtnetlink.model.RouteScope;
import dev.weft.node.dataplane.rtnetlink.model.RouteTable;
import dev.weft.node.kernel.LinkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A host's addresses.
 *
 * @param outward those by which others know it: of links other than loopback and Weft's own, and not only of one wire
 * @param used subnets and destinations that something of the host's is on or leads to
 */
record HostAddresses(List<IpAddress> outward, List<Cidr> used) {

    HostAddresses {
        outward = List.copyOf(outward);
        used = List.copyOf(used);
    }

    static HostAddresses of(Rtnetlink rtnetlink) {
        Set<Integer> foreign = rtnetlink.links().stream()
                .filter(link -> !link.flags().contains(LinkFlag.LOOPBACK))
                .filter(link ->
                        link.group().number() != LinkSpec.GROUP && link.group().number() != Stranger.GROUP)
                .map(Link::index)
                .collect(Collectors.toSet());
        List<Address> addresses = rtnetlink.addresses();
        List<Cidr> used = new ArrayList<>();
        addresses.forEach(address -> used.add(address.address().subnet()));
        for (IpFamily family : IpFamily.values()) {
            rtnetlink.routes(family, RouteTable.MAIN).stream()
                    .filter(route -> route.destination().prefixLength() > 0)
                    .forEach(route -> used.add(route.destination()));
        }
        return new HostAddresses(
                addresses.stream()
                        .filter(address -> foreign.contains(address.linkIndex())
                                && address.scope().equals(RouteScope.UNIVERSE)
                                && !address.flags().contains(AddressFlag.TENTATIVE)
                                && !address.flags().contains(AddressFlag.DADFAILED))
                        .map(address -> address.address().address())
                        .distinct()
                        .sorted()
                        .toList(),
                used);
    }

    /** The first of the subnets that nothing of the host's is on or leads to. */
    Cidr firstFree(List<Cidr> candidates) {
        return candidates.stream()
                .filter(candidate -> used.stream()
                        .noneMatch(taken -> taken.family() == candidate.family() && taken.overlaps(candidate)))
                .findFirst()
                .orElseThrow(() -> new AuditException("cannot probe as another host would: all of "
                        + candidates.getFirst() + " to " + candidates.getLast() + " are in use on this host"));
    }
}
