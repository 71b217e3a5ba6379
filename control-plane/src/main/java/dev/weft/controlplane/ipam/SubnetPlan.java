package dev.weft.controlplane.ipam;

import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Vni;
import java.util.List;

/**
 * What {@link SubnetPlanner} answers. {@code index} is the wish's place in the list; wishes stand in the order of the
 * request's subnets.
 */
public sealed interface SubnetPlan {

    /** One subnet for each wish, in their order. */
    record Planned(List<Subnet> subnets) implements SubnetPlan {
        public Planned {
            subnets = List.copyOf(subnets);
        }
    }

    /** The subnet asked for overlaps another network's. */
    record Overlaps(int index, Cidr wanted, UsedSubnet other) implements SubnetPlan {}

    /** The subnet asked for covers a node's tunnel address. */
    record CoversVtep(int index, Cidr wanted, IpAddress vtep) implements SubnetPlan {}

    /** No pool holds subnets of that size. */
    record NoSuchSize(int index, IpFamily family, int prefixLength) implements SubnetPlan {}

    /** Every block of the pools is in use. */
    record PoolsExhausted(int index, IpFamily family) implements SubnetPlan {}

    /** No address of the subnet is left for its gateway. */
    record NoGateway(int index, Cidr cidr) implements SubnetPlan {}

    /** The VNI asked for belongs to another network. */
    record VniInUse(Vni vni, NetworkId other) implements SubnetPlan {}

    /** Every VNI is in use. */
    record VnisExhausted() implements SubnetPlan {}
}
