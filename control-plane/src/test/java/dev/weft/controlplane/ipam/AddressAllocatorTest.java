package dev.weft.controlplane.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.LastChosen;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Subnet;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressAllocatorTest {

    private static final Instant NOW = Fixtures.THEN;
    private static final Duration REST = Duration.ofSeconds(120);

    private static Subnet subnet(String cidr, String range, String gateway, Map<String, IpAddress> aux) {
        return new Subnet(
                Cidr.parse(cidr), Cidr.parse(range), Optional.of(IpAddress.parse(gateway)), aux, Optional.empty());
    }

    private static Network network(Subnet... subnets) {
        return network(Map.of(), subnets);
    }

    private static Network serial(Subnet... subnets) {
        return network(Map.of(NetworkOptions.SERIAL, "true"), subnets);
    }

    private static Network network(Map<String, String> ipamOptions, Subnet... subnets) {
        Network plain = Fixtures.overlay("net");
        return new Network(
                plain.id(),
                plain.name(),
                plain.driver(),
                plain.scope(),
                plain.createTime(),
                Set.of(IpFamily.IPV4, IpFamily.IPV6),
                List.of(subnets),
                "default",
                ipamOptions,
                Set.of(),
                Map.of(),
                Map.of());
    }

    private static Versioned<RestingAddress> rest(Duration ago) {
        return new Versioned<>(new RestingAddress(new EndpointId("0".repeat(64)), NOW.minus(ago)), 7);
    }

    private static Allocation automatic(Network network, IpFamily family, AddressIndex index) {
        return AddressAllocator.automatic(network, family, index, Set.of(), NOW, REST);
    }

    private static Allocation candidate(String address) {
        return new Allocation.Candidate(InterfaceAddress.parse(address), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        // A network address, the gateway, then the first.
        "10.1.0.0/24, 10.1.0.0/24, 10.1.0.1, 10.1.0.2/24",
        "10.1.0.0/24, 10.1.0.0/24, 10.1.0.254, 10.1.0.1/24",
        // A range's own first address is an address like any other.
        "10.1.0.0/24, 10.1.0.128/25, 10.1.0.1, 10.1.0.128/24",
        "172.17.0.0/16, 172.17.0.0/16, 172.17.0.1, 172.17.0.2/16",
        // No network and broadcast address among two (RFC 3021).
        "10.1.0.0/31, 10.1.0.0/31, 10.1.0.0, 10.1.0.1/31",
        "fd00:1::/64, fd00:1::/64, fd00:1::1, fd00:1::2/64",
        "fd00:1::/64, fd00:1::f000/116, fd00:1::1, fd00:1::f000/64",
        "fd00:1::/127, fd00:1::/127, fd00:1::, fd00:1::1/127",
    })
    void theLowestFreeOneIsChosen(String cidr, String range, String gateway, String expected) {
        Network network = network(subnet(cidr, range, gateway, Map.of()));
        IpFamily family = Cidr.parse(cidr).family();
        AddressIndex index = AddressIndex.of(network.subnets());
        assertThat(automatic(network, family, index)).isEqualTo(candidate(expected));
    }

    @Test
    void leasedReservedAndAvoidedOnesArePassedOver() {
        Network network = network(
                subnet("10.1.0.0/29", "10.1.0.0/29", "10.1.0.1", Map.of("router", IpAddress.parse("10.1.0.3"))));
        AddressIndex index = AddressIndex.of(network.subnets());
        index.lease(IpAddress.parse("10.1.0.2"));
        assertThat(automatic(network, IpFamily.IPV4, index)).isEqualTo(candidate("10.1.0.4/29"));
        Set<IpAddress> avoid = Set.of(IpAddress.parse("10.1.0.4"), IpAddress.parse("10.1.0.5"));
        assertThat(AddressAllocator.automatic(network, IpFamily.IPV4, index, avoid, NOW, REST))
                .isEqualTo(candidate("10.1.0.6/29"));
        index.lease(IpAddress.parse("10.1.0.6"));
        assertThat(AddressAllocator.automatic(network, IpFamily.IPV4, index, avoid, NOW, REST))
                .isEqualTo(new Allocation.Exhausted(IpFamily.IPV4));
    }

    @Test
    void aSecondSubnetServesWhenTheFirstIsFull() {
        Network network = network(
                subnet("10.1.0.0/30", "10.1.0.0/30", "10.1.0.1", Map.of()),
                subnet("10.2.0.0/30", "10.2.0.0/30", "10.2.0.1", Map.of()));
        AddressIndex index = AddressIndex.of(network.subnets());
        index.lease(IpAddress.parse("10.1.0.2"));
        assertThat(automatic(network, IpFamily.IPV4, index)).isEqualTo(candidate("10.2.0.2/30"));
    }

    @Test
    void aReleasedAddressRests() {
        Network network = network(subnet("10.1.0.0/29", "10.1.0.0/29", "10.1.0.1", Map.of()));
        AddressIndex index = AddressIndex.of(network.subnets());
        index.rest(IpAddress.parse("10.1.0.2"), rest(REST.minusMillis(1)));
        assertThat(automatic(network, IpFamily.IPV4, index)).isEqualTo(candidate("10.1.0.3/29"));
        Versioned<RestingAddress> over = rest(REST);
        index.rest(IpAddress.parse("10.1.0.2"), over);
        assertThat(automatic(network, IpFamily.IPV4, index))
                .as("its rest is over, and the transaction is told which one")
                .isEqualTo(new Allocation.Candidate(InterfaceAddress.parse("10.1.0.2/29"), Optional.of(over)));
    }

    @Test
    void whenAllRestTheOneReleasedEarliestComesFirst() {
        Network network = network(subnet("10.1.0.0/29", "10.1.0.0/29", "10.1.0.1", Map.of()));
        AddressIndex index = AddressIndex.of(network.subnets());
        List<Integer> secondsAgo = List.of(5, 60, 10, 30, 20);
        for (int i = 0; i < secondsAgo.size(); i++) {
            index.rest(IpAddress.parse("10.1.0." + (2 + i)), rest(Duration.ofSeconds(secondsAgo.get(i))));
        }
        assertThat(automatic(network, IpFamily.IPV4, index))
                .isEqualTo(new Allocation.Candidate(
                        InterfaceAddress.parse("10.1.0.3/29"), Optional.of(rest(Duration.ofSeconds(60)))));
    }

    private static LastChosen last(String... addresses) {
        return new LastChosen(Stream.of(addresses).map(IpAddress::parse).toList());
    }

    @ParameterizedTest
    @CsvSource({
        // Nothing chosen yet.
        "10.1.0.0/29, 10.1.0.0/29, , 10.1.0.2/29",
        "10.1.0.0/29, 10.1.0.0/29, 10.1.0.2, 10.1.0.3/29",
        // Released or never leased: behind it all the same.
        "10.1.0.0/29, 10.1.0.0/29, 10.1.0.5, 10.1.0.6/29",
        // Behind the last comes the first.
        "10.1.0.0/29, 10.1.0.0/29, 10.1.0.6, 10.1.0.2/29",
        "10.1.0.0/29, 10.1.0.0/29, 10.1.0.7, 10.1.0.2/29",
        "10.1.0.0/24, 10.1.0.128/25, 10.1.0.200, 10.1.0.201/24",
        "10.1.0.0/24, 10.1.0.128/25, 10.1.0.254, 10.1.0.128/24",
        // Chosen before the range was what it is, or by a network of other make.
        "10.1.0.0/24, 10.1.0.128/25, 10.1.0.5, 10.1.0.128/24",
        "10.1.0.0/24, 10.1.0.0/25, 10.1.0.127, 10.1.0.2/24",
        "fd00:1::/64, fd00:1::/64, fd00:1::9, fd00:1::a/64",
        "255.255.255.252/30, 255.255.255.252/30, 255.255.255.255, 255.255.255.254/30",
    })
    void aSerialChoiceGoesOnBehindTheLast(String cidr, String range, @Nullable String chosen, String expected) {
        IpAddress gateway = Cidr.parse(cidr).first().plus(1);
        Network network = serial(subnet(cidr, range, gateway.toString(), Map.of()));
        AddressIndex index = AddressIndex.of(network.subnets());
        index.lastChosen(chosen == null ? LastChosen.NONE : last(chosen));
        assertThat(automatic(network, Cidr.parse(cidr).family(), index)).isEqualTo(candidate(expected));
    }

    @Test
    void aSerialChoicePassesOverWhatIsTakenRestsOrIsAvoided() {
        Network network =
                serial(subnet("10.1.0.0/28", "10.1.0.0/28", "10.1.0.1", Map.of("router", IpAddress.parse("10.1.0.6"))));
        AddressIndex index = AddressIndex.of(network.subnets());
        index.lastChosen(last("10.1.0.4"));
        index.lease(IpAddress.parse("10.1.0.5"));
        index.rest(IpAddress.parse("10.1.0.7"), rest(Duration.ZERO));
        assertThat(AddressAllocator.automatic(
                        network, IpFamily.IPV4, index, Set.of(IpAddress.parse("10.1.0.8")), NOW, REST))
                .isEqualTo(candidate("10.1.0.9/28"));
        for (int i = 8; i <= 14; i++) {
            index.lease(IpAddress.parse("10.1.0." + i));
        }
        assertThat(automatic(network, IpFamily.IPV4, index))
                .as("round to the beginning")
                .isEqualTo(candidate("10.1.0.2/28"));
        for (int i = 2; i <= 4; i++) {
            index.lease(IpAddress.parse("10.1.0." + i));
        }
        assertThat(automatic(network, IpFamily.IPV4, index))
                .as("nothing else is left than what rests")
                .isEqualTo(new Allocation.Candidate(
                        InterfaceAddress.parse("10.1.0.7/28"), Optional.of(rest(Duration.ZERO))));
    }

    @Test
    void eachSubnetGoesOnByItselfAndOnlySerialNetworksDo() {
        Subnet one = subnet("10.1.0.0/24", "10.1.0.0/24", "10.1.0.1", Map.of());
        Subnet two = subnet("10.2.0.0/24", "10.2.0.0/24", "10.2.0.1", Map.of());
        AddressIndex index = AddressIndex.of(List.of(one, two));
        index.lastChosen(last("10.2.0.77"));
        assertThat(automatic(serial(one, two), IpFamily.IPV4, index)).isEqualTo(candidate("10.1.0.2/24"));
        index.lastChosen(last("10.2.0.77", "10.1.0.9"));
        assertThat(automatic(serial(one, two), IpFamily.IPV4, index)).isEqualTo(candidate("10.1.0.10/24"));
        assertThat(automatic(network(one, two), IpFamily.IPV4, index)).isEqualTo(candidate("10.1.0.2/24"));
        assertThat(automatic(network(Map.of(NetworkOptions.SERIAL, "false"), one, two), IpFamily.IPV4, index))
                .isEqualTo(candidate("10.1.0.2/24"));
    }

    @Test
    void aNamedAddressMayRestOrLieOutsideTheRangeButNotBeTaken() {
        Network network = network(
                subnet("10.1.0.0/24", "10.1.0.128/25", "10.1.0.1", Map.of("router", IpAddress.parse("10.1.0.9"))));
        AddressIndex index = AddressIndex.of(network.subnets());
        index.lease(IpAddress.parse("10.1.0.200"));
        index.rest(IpAddress.parse("10.1.0.201"), rest(Duration.ZERO));
        assertThat(exact(network, "10.1.0.77", index)).isEqualTo(candidate("10.1.0.77/24"));
        assertThat(exact(network, "10.1.0.201", index))
                .isEqualTo(new Allocation.Candidate(
                        InterfaceAddress.parse("10.1.0.201/24"), Optional.of(rest(Duration.ZERO))));
        for (String taken : List.of("10.1.0.0", "10.1.0.1", "10.1.0.9", "10.1.0.200", "10.1.0.255")) {
            assertThat(exact(network, taken, index)).isEqualTo(new Allocation.InUse(IpAddress.parse(taken)));
        }
        for (String outside : List.of("10.1.1.0", "10.0.255.255", "fd00::1", "0.0.0.0")) {
            assertThat(exact(network, outside, index)).isEqualTo(new Allocation.OutOfRange(IpAddress.parse(outside)));
        }
    }

    @Test
    void whatIsRetainedIsForOneNameOnlyUntilItsTimeIsOver() {
        Network network = network(subnet("10.1.0.0/30", "10.1.0.0/30", "10.1.0.1", Map.of()));
        AddressIndex index = AddressIndex.of(network.subnets());
        IpAddress address = IpAddress.parse("10.1.0.2");
        Duration kept = Duration.ofHours(1);
        RestingAddress.Retention retention = new RestingAddress.Retention("web", NOW.plus(kept), Optional.empty());
        Versioned<RestingAddress> rest =
                new Versioned<>(new RestingAddress(new EndpointId("0".repeat(64)), NOW, Optional.of(retention)), 7);
        index.rest(address, rest);
        Allocation candidate = new Allocation.Candidate(InterfaceAddress.parse("10.1.0.2/30"), Optional.of(rest));

        assertThat(automatic(network, IpFamily.IPV4, index))
                .as("not even when nothing else is left")
                .isEqualTo(new Allocation.Exhausted(IpFamily.IPV4));
        assertThat(AddressAllocator.exact(network, address, index, "db", NOW))
                .isEqualTo(new Allocation.Retained(address, retention));
        assertThat(AddressAllocator.exact(network, address, index, "web", NOW)).isEqualTo(candidate);
        assertThat(AddressAllocator.retained(index, IpFamily.IPV4, "web", NOW)).contains(address);
        assertThat(AddressAllocator.retained(index, IpFamily.IPV6, "web", NOW)).isEmpty();
        assertThat(AddressAllocator.retained(index, IpFamily.IPV4, "db", NOW)).isEmpty();

        Instant over = NOW.plus(kept);
        assertThat(AddressAllocator.retained(index, IpFamily.IPV4, "web", over)).isEmpty();
        assertThat(AddressAllocator.exact(network, address, index, "db", over)).isEqualTo(candidate);
        assertThat(AddressAllocator.automatic(network, IpFamily.IPV4, index, Set.of(), over, REST))
                .isEqualTo(candidate);
    }

    private static Allocation exact(Network network, String address, AddressIndex index) {
        return AddressAllocator.exact(network, IpAddress.parse(address), index);
    }

    @Test
    void aFamilyWithoutSubnetIsExhausted() {
        Network network = network(subnet("10.1.0.0/29", "10.1.0.0/29", "10.1.0.1", Map.of()));
        assertThat(automatic(network, IpFamily.IPV6, AddressIndex.of(network.subnets())))
                .isEqualTo(new Allocation.Exhausted(IpFamily.IPV6));
    }

    @Test
    void theVeryLastAddressesOfAFamilyAreNoTrap() {
        Network network = network(
                subnet("255.255.255.254/31", "255.255.255.254/31", "255.255.255.254", Map.of()),
                subnet(
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe",
                        Map.of()));
        AddressIndex index = AddressIndex.of(network.subnets());
        for (IpFamily family : IpFamily.values()) {
            assertThat(automatic(network, family, index)).isInstanceOfSatisfying(Allocation.Candidate.class, found -> {
                index.lease(found.address().address());
                assertThat(found.address().address())
                        .isEqualTo(found.address().subnet().last());
            });
            assertThat(automatic(network, family, index)).isEqualTo(new Allocation.Exhausted(family));
        }
    }

    /** Not a benchmark: only that nothing scans sixty thousand leases for each choice. */
    @Test
    void aNearlyFullSixteenIsChosenFromInNoTime() {
        Network network = network(subnet("172.17.0.0/16", "172.17.0.0/16", "172.17.0.1", Map.of()));
        AddressIndex index = AddressIndex.of(network.subnets());
        IpAddress first = IpAddress.parse("172.17.0.2");
        // Every tenth is free at first: many runs, not one.
        for (int i = 0; i < 60_000; i++) {
            if (i % 10 != 0) {
                index.lease(first.plus(i));
            }
        }
        int choices = 6_000;
        long start = System.nanoTime();
        for (int i = 0; i < choices; i++) {
            assertThat(automatic(network, IpFamily.IPV4, index)).isInstanceOf(Allocation.Candidate.class);
            index.lease(first.plus(i * 10L));
        }
        long perChoice = (System.nanoTime() - start) / choices;
        assertThat(Duration.ofNanos(perChoice)).isLessThan(Duration.ofMillis(1));
    }
}
