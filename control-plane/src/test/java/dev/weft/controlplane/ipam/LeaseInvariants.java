package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Versioned;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches over the addresses of one network while any number of replicas hand them out: never two holders, never a lost
 * address. Thread-safe. Tell it of a grant after the call that granted has returned, and of a release before the call
 * begins and after it has returned; in between, the address may already be somebody else's.
 *
 * @param <H> what stands for a holder
 */
public final class LeaseInvariants<H> {

    private record Holding<H>(H holder, boolean releasing) {}

    private final Map<IpAddress, List<Holding<H>>> holdings = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    /** The holder was told that it has the address. */
    public synchronized void granted(H holder, IpAddress address) {
        List<Holding<H>> others = holdings.computeIfAbsent(address, _ -> new ArrayList<>());
        others.stream()
                .filter(other -> !other.releasing())
                .forEach(other ->
                        broken.add(address + " was granted to " + holder + " while " + other.holder() + " holds it"));
        others.add(new Holding<>(holder, false));
    }

    /** The holder is about to give back what it holds. */
    public synchronized void releasing(H holder) {
        holdings.values()
                .forEach(list -> list.replaceAll(
                        holding -> holding.holder().equals(holder) ? new Holding<>(holder, true) : holding));
    }

    /** The holder has given back what it held. */
    public synchronized void released(H holder) {
        holdings.values()
                .forEach(list -> list.removeIf(holding -> holding.holder().equals(holder)));
        holdings.values().removeIf(List::isEmpty);
    }

    /** Who holds what, by what was told. */
    public synchronized Map<IpAddress, H> held() {
        Map<IpAddress, H> held = new TreeMap<>();
        holdings.forEach((address, list) -> list.forEach(holding -> held.put(address, holding.holder())));
        return held;
    }

    /**
     * What is broken, now that everything is quiet.
     *
     * @param leases the store's, those of the network itself left out: address to holder
     * @param resting the store's
     */
    public synchronized List<String> check(
            Network network,
            Map<IpAddress, H> leases,
            Map<IpAddress, Versioned<RestingAddress>> resting,
            Instant now,
            Duration restPeriod) {
        List<String> problems = new ArrayList<>(broken);
        Map<IpAddress, H> held = held();
        leases.forEach((address, holder) -> {
            if (!holder.equals(held.get(address))) {
                problems.add(address + " is leased to " + holder + ", who does not know of it: the address is lost");
            }
        });
        held.forEach((address, holder) -> {
            if (!holder.equals(leases.get(address))) {
                problems.add(address + " is held by " + holder + " without a lease");
            }
        });
        resting.keySet().stream()
                .filter(leases::containsKey)
                .forEach(address -> problems.add(address + " is leased and rests at once"));
        for (Subnet subnet : network.subnets()) {
            if (subnet.cidr().size().compareTo(BigInteger.valueOf(1 << 16)) <= 0) {
                checkDrain(network, subnet.family(), leases.keySet(), resting, now, restPeriod, problems);
            }
        }
        return problems;
    }

    /** Every address that nobody holds can be had: as many as the ranges have room for, and then no more. */
    private static void checkDrain(
            Network network,
            IpFamily family,
            Set<IpAddress> leased,
            Map<IpAddress, Versioned<RestingAddress>> resting,
            Instant now,
            Duration restPeriod,
            List<String> problems) {
        AddressIndex index = AddressIndex.of(network.subnets());
        leased.forEach(index::lease);
        resting.forEach(index::rest);
        Set<IpAddress> expected = new HashSet<>();
        for (Subnet subnet : network.subnets()) {
            if (subnet.family() != family) {
                continue;
            }
            for (long i = 0; i < subnet.range().size().longValue(); i++) {
                IpAddress address = subnet.range().first().plus(i);
                if (!index.isReserved(address) && !leased.contains(address)) {
                    expected.add(address);
                }
            }
        }
        Set<IpAddress> drained = new HashSet<>();
        while (AddressAllocator.automatic(network, family, index, Set.of(), now, restPeriod)
                instanceof Allocation.Candidate(InterfaceAddress address, var _)) {
            if (!drained.add(address.address())) {
                problems.add(address + " was chosen twice");
                return;
            }
            index.lease(address.address());
        }
        if (!drained.equals(expected)) {
            expected.removeAll(drained);
            problems.add("nobody holds " + expected + ", and nobody can have them");
        }
    }
}
