package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Versioned;
import dev.weft.net.IpAddress;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much of a subnet is used.
 *
 * @param usable addresses that automatic choice may hand out: those of the range, less the network's own
 * @param leased addresses that endpoints hold, those outside the range included
 * @param reserved addresses that the network itself holds: its gateway and auxiliary ones
 * @param resting addresses whose rest is not over
 * @param free usable addresses that are neither leased nor resting
 */
public record SubnetUse(Subnet subnet, BigInteger usable, long leased, long reserved, long resting, BigInteger free) {

    /**
     * @param leases of the subnet's network
     * @param rests of the subnet's network
     * @param cutoff rests that began then or earlier are over
     */
    public static SubnetUse of(
            Subnet subnet,
            Map<IpAddress, Lease> leases,
            Map<IpAddress, Versioned<RestingAddress>> rests,
            Instant cutoff) {
        Set<IpAddress> own = new HashSet<>(subnet.auxAddresses().values());
        subnet.gateway().ifPresent(own::add);
        Set<IpAddress> unusable = new HashSet<>(Reserved.byShape(subnet.cidr()));
        unusable.addAll(own);
        BigInteger usable = subnet.range()
                .size()
                .subtract(BigInteger.valueOf(
                        unusable.stream().filter(subnet.range()::contains).count()));
        Set<IpAddress> taken = new HashSet<>();
        long leased = 0;
        for (IpAddress address : leases.keySet()) {
            if (subnet.cidr().contains(address) && !own.contains(address)) {
                leased++;
                taken.add(address);
            }
        }
        long resting = 0;
        for (Map.Entry<IpAddress, Versioned<RestingAddress>> rest : rests.entrySet()) {
            if (subnet.cidr().contains(rest.getKey())
                    && rest.getValue().value().releaseTime().isAfter(cutoff)) {
                resting++;
                taken.add(rest.getKey());
            }
        }
        long takenOfUsable = taken.stream()
                .filter(address -> subnet.range().contains(address) && !unusable.contains(address))
                .count();
        return new SubnetUse(
                subnet, usable, leased, own.size(), resting, usable.subtract(BigInteger.valueOf(takenOfUsable)));
    }

    /** How much of what is usable is not free, in percent; 100 where nothing is usable. */
    public double usedPercent() {
        return usable.signum() == 0 ? 100 : 100 * usable.subtract(free).doubleValue() / usable.doubleValue();
    }
}
