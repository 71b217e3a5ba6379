package dev.weft.controlplane.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weft.controlplane.admission.Violation.Reason;
import dev.weft.controlplane.ipam.Allocation;
import dev.weft.controlplane.ipam.SubnetPlan;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.UsedSubnet;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Vni;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class IpamRefusalsTest {

    private static final NetworkId OTHER = new NetworkId("abcdef012345" + "0".repeat(52));
    private static final Cidr WANTED = Cidr.parse("10.1.0.0/24");
    private static final Network NETWORK = Fixtures.overlay("web", "10.1.0.0/24");
    private static final String VXLAN_IDS = "options[com.docker.network.driver.overlay.vxlanid_list]";

    static Stream<Arguments> plans() {
        return Stream.of(
                arguments(
                        new SubnetPlan.Overlaps(
                                0, WANTED, new UsedSubnet(Cidr.parse("10.0.0.0/8"), OTHER, Optional.empty())),
                        "subnets[0].cidr",
                        Reason.SUBNET_OVERLAP,
                        "invalid pool request: Pool overlaps with other one on this address space: 10.1.0.0/24 overlaps "
                                + "10.0.0.0/8 of network abcdef012345"),
                arguments(
                        new SubnetPlan.CoversVtep(1, WANTED, IpAddress.parse("10.1.0.7")),
                        "subnets[1].cidr",
                        Reason.SUBNET_OVERLAP,
                        "10.1.0.0/24 covers 10.1.0.7, the tunnel address of a node"),
                arguments(
                        new SubnetPlan.NoSuchSize(0, IpFamily.IPV4, 4),
                        "subnets[0].cidr",
                        Reason.OUT_OF_RANGE,
                        "invalid address pool"),
                arguments(
                        new SubnetPlan.PoolsExhausted(2, IpFamily.IPV6),
                        "subnets",
                        Reason.POOL_EXHAUSTED,
                        "all predefined address pools have been fully subnetted"),
                arguments(
                        new SubnetPlan.NoGateway(0, WANTED),
                        "subnets[0].cidr",
                        Reason.ADDRESSES_EXHAUSTED,
                        "failed to allocate gateway"),
                arguments(
                        new SubnetPlan.VniInUse(new Vni(7), OTHER),
                        VXLAN_IDS,
                        Reason.VNI_IN_USE,
                        "vxlan id 7 is in use by network abcdef012345"),
                arguments(new SubnetPlan.VnisExhausted(), "driver", Reason.POOL_EXHAUSTED, "every vxlan id is in use"));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void aRefusedPlanNamesTheFieldThatAskedForIt(SubnetPlan plan, String field, Reason reason, String message) {
        // Two subnets were listed; the third wish is the server's own.
        check(IpamRefusals.of(plan, 2, NetworkId::shortId), field, reason, message);
    }

    static Stream<Arguments> allocations() {
        return Stream.of(
                arguments(
                        new Allocation.InUse(IpAddress.parse("10.1.0.7")),
                        "endpoints[3].ipv4_address",
                        Reason.ADDRESS_IN_USE,
                        "Address already in use: 10.1.0.7 on network web"),
                arguments(
                        new Allocation.OutOfRange(IpAddress.parse("fd00::7")),
                        "endpoints[3].ipv6_address",
                        Reason.OUT_OF_RANGE,
                        "no configured subnet contains IP address fd00::7"),
                arguments(
                        new Allocation.Exhausted(IpFamily.IPV4),
                        "endpoints[3].network",
                        Reason.ADDRESSES_EXHAUSTED,
                        "no available IPv4 addresses on this network's address pools: web (" + NETWORK.id() + ")"));
    }

    @ParameterizedTest
    @MethodSource("allocations")
    void aRefusedAllocationNamesTheFieldThatAskedForIt(
            Allocation allocation, String field, Reason reason, String message) {
        check(IpamRefusals.of(allocation, "endpoints[3]", NETWORK), field, reason, message);
    }

    @Test
    void successIsNoViolation() {
        assertThat(IpamRefusals.of(new SubnetPlan.Planned(List.of()), 0, NetworkId::shortId))
                .isEmpty();
        assertThat(IpamRefusals.of(
                        new Allocation.Candidate(InterfaceAddress.parse("10.1.0.7/24"), Optional.empty()),
                        "endpoint",
                        NETWORK))
                .isEmpty();
    }

    private static void check(Optional<Violation> violation, String field, Reason reason, String message) {
        assertThat(violation).hasValueSatisfying(found -> {
            assertThat(found.field()).isEqualTo(field);
            assertThat(found.reason()).isEqualTo(reason);
            assertThat(found.message()).startsWith(message);
        });
    }
}
