package dev.weft.loadtests.micro;

import dev.weft.controlplane.ipam.AddressAllocator;
import dev.weft.controlplane.ipam.AddressIndex;
import dev.weft.controlplane.ipam.Allocation;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Subnet;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The choice of an address in a /16 of which the lowest addresses are leased, every tenth of them given back. */
@State(Scope.Benchmark)
public class AddressChoiceBenchmark {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration REST = Duration.ofMinutes(2);
    private static final Cidr CIDR = Cidr.parse("10.0.0.0/16");
    private static final Subnet SUBNET =
            new Subnet(CIDR, CIDR, Optional.of(IpAddress.parse("10.0.0.1")), Map.of(), Optional.empty());
    private static final Network NETWORK = new Network(
            new NetworkId("a".repeat(64)),
            "bench",
            Driver.OVERLAY,
            new dev.weft.controlplane.model.Scope.Global(),
            NOW,
            Set.of(IpFamily.IPV4),
            List.of(SUBNET),
            "default",
            Map.of(),
            Set.of(),
            Map.of(),
            Map.of());

    /** Addresses that were ever leased. */
    @Param({"10", "1000", "60000"})
    public int leased;

    private AddressIndex index = AddressIndex.of(List.of(SUBNET));

    @Setup
    public void fill() {
        index = AddressIndex.of(List.of(SUBNET));
        for (int i = 2; i < leased + 2; i++) {
            index.lease(CIDR.first().plus(i));
        }
        for (int i = leased + 1; i > leased / 2; i -= 10) {
            index.unlease(CIDR.first().plus(i));
        }
    }

    /** The lowest free address. */
    @Benchmark
    public Allocation automatic() {
        return AddressAllocator.automatic(NETWORK, IpFamily.IPV4, index, Set.of(), NOW, REST);
    }

    /** A choice, its lease, and its end. */
    @Benchmark
    public Allocation leaseAndRelease() {
        Allocation chosen = automatic();
        if (chosen instanceof Allocation.Candidate candidate) {
            index.lease(candidate.address().address());
            index.unlease(candidate.address().address());
        }
        return chosen;
    }
}
