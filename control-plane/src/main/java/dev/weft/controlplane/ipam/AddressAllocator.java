package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Subnet;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Chooses addresses for endpoints. */
public final class AddressAllocator {

    private AddressAllocator() {}

    /**
     * The lowest address within the ranges of the network's subnets, in their order, that is neither taken nor resting;
     * when every free one rests, the one released earliest. On a network that chooses serially not the lowest but the
     * next behind the one chosen last in the subnet, and behind the range's last its first.
     * One that is retained is given to nobody by choice.
     *
     * @param index of this network
     * @param avoid addresses not to propose, because a transaction for them is under way or has just failed
     * @param restPeriod how long a released address rests
     */
    public static Allocation automatic(
            Network network,
            IpFamily family,
            AddressIndex index,
            Set<IpAddress> avoid,
            Instant now,
            Duration restPeriod) {
        List<Subnet> subnets = network.subnets().stream()
                .filter(subnet -> subnet.family() == family)
                .toList();
        Instant cutoff = now.minus(restPeriod);
        for (Subnet subnet : subnets) {
            Cidr range = subnet.range();
            Optional<IpAddress> free = NetworkOptions.choosesSerially(network)
                    ? nextFree(subnet, index, avoid, cutoff, now)
                    : index.lowestFree(range.first(), range.last(), avoid, cutoff, now);
            if (free.isPresent()) {
                return candidate(subnet, free.get(), index);
            }
        }
        for (Subnet subnet : subnets) {
            Cidr range = subnet.range();
            Optional<IpAddress> resting = index.restingLongest(range.first(), range.last(), avoid);
            if (resting.isPresent()) {
                return candidate(subnet, resting.get(), index);
            }
        }
        return new Allocation.Exhausted(family);
    }

    private static Optional<IpAddress> nextFree(
            Subnet subnet, AddressIndex index, Set<IpAddress> avoid, Instant cutoff, Instant now) {
        Cidr range = subnet.range();
        return index.lastChosen()
                .in(subnet.cidr())
                .filter(range::contains)
                .flatMap(AddressSet::after)
                .filter(range::contains)
                .flatMap(next -> index.lowestFree(next, range.last(), avoid, cutoff, now))
                .or(() -> index.lowestFree(range.first(), range.last(), avoid, cutoff, now));
    }

    /**
     * The very address asked for: anywhere in a subnet, outside its range too, and resting or not, since whoever names an
     * address means that one. One that is retained is for the sandbox of that name only.
     *
     * @param sandboxName of the one that asks
     */
    public static Allocation exact(
            Network network, IpAddress address, AddressIndex index, String sandboxName, Instant now) {
        Optional<RestingAddress.Retention> others = index.resting(address)
                .flatMap(rest -> rest.value().retentionAt(now))
                .filter(retention -> !retention.sandboxName().equals(sandboxName));
        Allocation allocation = exact(network, address, index);
        return allocation instanceof Allocation.Candidate && others.isPresent()
                ? new Allocation.Retained(address, others.get())
                : allocation;
    }

    /**
     * The address of the family that is kept for the sandbox of that name, if one is; of several the one that is kept
     * longest.
     */
    public static Optional<IpAddress> retained(AddressIndex index, IpFamily family, String sandboxName, Instant now) {
        return index.retainedLongest(family, sandboxName, now);
    }

    /** As if nothing were retained. */
    static Allocation exact(Network network, IpAddress address, AddressIndex index) {
        Optional<Subnet> subnet = network.subnetOf(address);
        if (subnet.isEmpty()) {
            return new Allocation.OutOfRange(address);
        }
        return index.isReserved(address) || index.isLeased(address)
                ? new Allocation.InUse(address)
                : candidate(subnet.get(), address, index);
    }

    private static Allocation candidate(Subnet subnet, IpAddress address, AddressIndex index) {
        return new Allocation.Candidate(
                new InterfaceAddress(address, subnet.cidr().prefixLength()), index.resting(address));
    }
}
