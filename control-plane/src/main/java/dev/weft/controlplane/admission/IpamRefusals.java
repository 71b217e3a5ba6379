package dev.weft.controlplane.admission;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.ipam.Allocation;
import dev.weft.controlplane.ipam.SubnetPlan;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.util.Optional;
import java.util.function.Function;

/** What IPAM refuses, as violations of the fields that asked for it. */
public final class IpamRefusals {

    private IpamRefusals() {}

    /**
     * What stands against the plan; empty for one that succeeded.
     *
     * @param requested how many subnets the request listed: wishes beyond are the server's own
     * @param names what users call a network
     */
    public static Optional<Violation> of(SubnetPlan plan, int requested, Function<NetworkId, String> names) {
        return switch (plan) {
            case SubnetPlan.Planned _ -> Optional.empty();
            case SubnetPlan.Overlaps(int index, var wanted, var other) ->
                violation(
                        subnet(index, requested),
                        Reason.SUBNET_OVERLAP,
                        "invalid pool request: Pool overlaps with other one on this address space: " + wanted
                                + " overlaps " + other.cidr() + " of network " + names.apply(other.network()));
            case SubnetPlan.CoversVtep(int index, var wanted, var vtep) ->
                violation(
                        subnet(index, requested),
                        Reason.SUBNET_OVERLAP,
                        wanted + " covers " + vtep + ", the tunnel address of a node: that node would be cut off");
            case SubnetPlan.NoSuchSize(int index, var family, int prefixLength) ->
                violation(
                        subnet(index, requested),
                        Reason.OUT_OF_RANGE,
                        "invalid address pool: no pool holds " + family + " subnets of size /" + prefixLength);
            case SubnetPlan.PoolsExhausted(int index, var family) ->
                violation(
                        subnet(index, requested),
                        Reason.POOL_EXHAUSTED,
                        "all predefined address pools have been fully subnetted: name an " + family
                                + " subnet that is free");
            case SubnetPlan.NoGateway(int index, var cidr) ->
                violation(
                        subnet(index, requested),
                        Reason.ADDRESSES_EXHAUSTED,
                        "failed to allocate gateway (): no available addresses on this pool: " + cidr);
            case SubnetPlan.VniInUse(var vni, var other) ->
                violation(
                        "options[" + NetworkOptions.VXLAN_IDS + "]",
                        Reason.VNI_IN_USE,
                        "vxlan id " + vni + " is in use by network " + names.apply(other));
            case SubnetPlan.VnisExhausted() ->
                violation("driver", Reason.POOL_EXHAUSTED, "every vxlan id is in use: delete an overlay network first");
        };
    }

    /**
     * What stands against the allocation; empty for a candidate.
     *
     * @param endpointField the endpoint's path: {@code endpoint} or {@code endpoints[0]}
     */
    public static Optional<Violation> of(Allocation allocation, String endpointField, Network network) {
        return switch (allocation) {
            case Allocation.Candidate _ -> Optional.empty();
            case Allocation.InUse(IpAddress address) ->
                violation(
                        endpointField + "." + field(address.family()),
                        Reason.ADDRESS_IN_USE,
                        "Address already in use: " + address + " on network " + network.name());
            case Allocation.Retained(IpAddress address, var by) ->
                violation(
                        endpointField + "." + field(address.family()),
                        Reason.ADDRESS_IN_USE,
                        "Address already in use: " + address + " on network " + network.name()
                                + " is kept for a sandbox named " + by.sandboxName() + " until " + by.until());
            case Allocation.OutOfRange(IpAddress address) ->
                violation(
                        endpointField + "." + field(address.family()),
                        Reason.OUT_OF_RANGE,
                        "no configured subnet contains IP address " + address);
            case Allocation.Exhausted(IpFamily family) ->
                violation(
                        endpointField + ".network",
                        Reason.ADDRESSES_EXHAUSTED,
                        "no available " + family + " addresses on this network's address pools: " + network.name()
                                + " (" + network.id() + ")");
        };
    }

    private static String field(IpFamily family) {
        return switch (family) {
            case IPV4 -> "ipv4_address";
            case IPV6 -> "ipv6_address";
        };
    }

    private static String subnet(int index, int requested) {
        return index < requested ? "subnets[" + index + "].cidr" : "subnets";
    }

    private static Optional<Violation> violation(String field, Reason reason, String message) {
        return Optional.of(new Violation(field, reason, message));
    }
}
