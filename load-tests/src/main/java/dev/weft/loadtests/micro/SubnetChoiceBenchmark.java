package dev.weft.loadtests.micro;

import dev.weft.controlplane.ipam.Occupied;
import dev.weft.controlplane.ipam.Pools;
import dev.weft.controlplane.ipam.SubnetPlan;
import dev.weft.controlplane.ipam.SubnetPlanner;
import dev.weft.controlplane.ipam.SubnetWish;
import dev.weft.controlplane.ipam.VniWish;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Vni;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The choice of a subnet and a VNI for a further overlay network. */
@State(Scope.Benchmark)
public class SubnetChoiceBenchmark {

    private static final int FIRST_VNI = 4096;
    private static final int BLOCK = 256;

    /** Networks that exist already. */
    @Param({"10", "1000"})
    public int networks;

    private final SubnetPlanner planner = new SubnetPlanner(Pools.defaults("bench"));
    private Occupied occupied = new Occupied(List.of(), List.of(), List.of());

    @Setup
    public void fill() {
        IpAddress first = IpAddress.parse("10.0.0.0");
        occupied = new Occupied(
                IntStream.range(0, networks)
                        .mapToObj(i -> new UsedSubnet(
                                new Cidr(first.plus((long) i * BLOCK), 24),
                                new NetworkId("%064x".formatted(i)),
                                Optional.of(new Vni(FIRST_VNI + i))))
                        .toList(),
                List.of(Cidr.parse("192.0.2.0/24")),
                List.of(IpAddress.parse("192.0.2.11"), IpAddress.parse("192.0.2.12")));
    }

    @Benchmark
    public SubnetPlan automatic() {
        return planner.plan(
                new dev.weft.controlplane.model.Scope.Global(),
                List.of(new SubnetWish.Automatic(IpFamily.IPV4)),
                new VniWish.Automatic(),
                occupied);
    }
}
