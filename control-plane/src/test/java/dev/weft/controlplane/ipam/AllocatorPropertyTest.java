package dev.weft.controlplane.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations: the allocator with its index answers as a model does that looks at every address each time. */
final class AllocatorPropertyTest {

    private static final Duration REST = Duration.ofSeconds(120);
    private static final int SEEDS = 20;
    private static final int STEPS = 400;

    /** What the rules say, in the plainest words. */
    private record Model(Network network, Set<IpAddress> leased, Map<IpAddress, Versioned<RestingAddress>> resting) {

        Stream<IpAddress> range(Subnet subnet) {
            return Stream.iterate(
                            Optional.of(subnet.range().first()),
                            Optional::isPresent,
                            address -> address.flatMap(AddressSet::after))
                    .flatMap(Optional::stream)
                    .takeWhile(subnet.range()::contains);
        }

        boolean taken(Subnet subnet, IpAddress address) {
            return leased.contains(address)
                    || Reserved.byShape(subnet.cidr()).contains(address)
                    || subnet.gateway().equals(Optional.of(address))
                    || subnet.auxAddresses().containsValue(address);
        }

        Allocation automatic(Set<IpAddress> avoid, Instant now) {
            for (Subnet subnet : network.subnets()) {
                Optional<IpAddress> free = range(subnet)
                        .filter(address -> !taken(subnet, address) && !avoid.contains(address))
                        .filter(address -> retention(address, now).isEmpty())
                        .filter(address -> rest(address)
                                .filter(rest ->
                                        rest.value().releaseTime().plus(REST).isAfter(now))
                                .isEmpty())
                        .min(Comparator.naturalOrder());
                if (free.isPresent()) {
                    return candidate(subnet, free.get());
                }
            }
            for (Subnet subnet : network.subnets()) {
                Optional<IpAddress> earliest = range(subnet)
                        .filter(address -> !taken(subnet, address) && !avoid.contains(address))
                        .filter(address -> retention(address, now).isEmpty())
                        .min(Comparator.comparing((IpAddress address) ->
                                        rest(address).orElseThrow().value().releaseTime())
                                .thenComparing(address -> address));
                if (earliest.isPresent()) {
                    return candidate(subnet, earliest.get());
                }
            }
            return new Allocation.Exhausted(network.subnets().getFirst().family());
        }

        Allocation exact(IpAddress address, String sandbox, Instant now) {
            Optional<RestingAddress.Retention> others = retention(address, now)
                    .filter(retention -> !retention.sandboxName().equals(sandbox));
            return exact(address) instanceof Allocation.Candidate && others.isPresent()
                    ? new Allocation.Retained(address, others.get())
                    : exact(address);
        }

        Optional<IpAddress> retained(String sandbox, Instant now) {
            return resting.keySet().stream()
                    .filter(address -> !leased.contains(address))
                    .filter(address -> retention(address, now)
                            .filter(retention -> retention.sandboxName().equals(sandbox))
                            .isPresent())
                    .max(Comparator.comparing((IpAddress address) ->
                                    retention(address, now).orElseThrow().until())
                            .thenComparing(address -> address));
        }

        private Optional<RestingAddress.Retention> retention(IpAddress address, Instant now) {
            return rest(address).flatMap(rest -> rest.value().retentionAt(now));
        }

        Allocation exact(IpAddress address) {
            return network.subnetOf(address)
                    .<Allocation>map(subnet ->
                            taken(subnet, address) ? new Allocation.InUse(address) : candidate(subnet, address))
                    .orElseGet(() -> new Allocation.OutOfRange(address));
        }

        private Optional<Versioned<RestingAddress>> rest(IpAddress address) {
            return Optional.ofNullable(resting.get(address));
        }

        private Allocation candidate(Subnet subnet, IpAddress address) {
            return new Allocation.Candidate(
                    new InterfaceAddress(address, subnet.cidr().prefixLength()), rest(address));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.0.0/27", "fd00:1::/123", "10.1.0.0/30", "10.1.0.0/31"})
    void theIndexChangesNothingButTheTime(String cidr) {
        for (long seed = 0; seed < SEEDS; seed++) {
            run(Cidr.parse(cidr), seed);
        }
    }

    private static void run(Cidr cidr, long seed) {
        Random random = new Random(seed);
        Network network = network(cidr, random);
        IpFamily family = cidr.family();
        Model model = new Model(network, new HashSet<>(), new HashMap<>());
        AddressIndex index = AddressIndex.of(network.subnets());
        Instant now = Fixtures.THEN;
        for (int step = 0; step < STEPS; step++) {
            now = now.plusSeconds(random.nextInt(10));
            // One beyond either end, too.
            IpAddress address =
                    cidr.first().plus(random.nextLong(-1, cidr.size().longValue() + 1));
            switch (random.nextInt(5)) {
                case 0 -> {
                    model.leased().add(address);
                    index.lease(address);
                }
                case 1 -> {
                    model.leased().remove(address);
                    index.unlease(address);
                }
                case 2 -> {
                    // Replicas' clocks differ: not in the order of time.
                    Instant release = now.minusSeconds(random.nextInt(-20, 20));
                    Versioned<RestingAddress> rest = new Versioned<>(
                            new RestingAddress(new EndpointId("0".repeat(64)), release, retention(random, now)), step);
                    model.resting().put(address, rest);
                    index.rest(address, rest);
                }
                case 3 -> {
                    model.resting().remove(address);
                    index.unrest(address);
                }
                default -> {
                    if (AddressAllocator.automatic(network, family, index, Set.of(), now, REST)
                            instanceof Allocation.Candidate(InterfaceAddress chosen, var _)) {
                        model.leased().add(chosen.address());
                        index.lease(chosen.address());
                        model.resting().remove(chosen.address());
                        index.unrest(chosen.address());
                    }
                }
            }
            Set<IpAddress> avoid =
                    Set.of(cidr.first().plus(random.nextLong(cidr.size().longValue())));
            assertThat(AddressAllocator.automatic(network, family, index, avoid, now, REST))
                    .as("automatic, seed %d step %d", seed, step)
                    .isEqualTo(model.automatic(avoid, now));
            assertThat(AddressAllocator.exact(network, address, index, "a", now))
                    .as("exact %s, seed %d step %d", address, seed, step)
                    .isEqualTo(model.exact(address, "a", now));
            assertThat(AddressAllocator.retained(index, family, "a", now))
                    .as("retained, seed %d step %d", seed, step)
                    .isEqualTo(model.retained("a", now));
        }
    }

    private static Optional<RestingAddress.Retention> retention(Random random, Instant now) {
        return random.nextInt(3) > 0
                ? Optional.empty()
                : Optional.of(new RestingAddress.Retention(
                        random.nextBoolean() ? "a" : "b", now.plusSeconds(random.nextInt(-20, 60)), Optional.empty()));
    }

    private static Network network(Cidr cidr, Random random) {
        Cidr range = random.nextBoolean()
                ? cidr
                : Cidr.containing(
                        cidr.last(),
                        Math.min(cidr.prefixLength() + 1, cidr.family().bits()));
        Map<String, IpAddress> aux =
                random.nextBoolean() ? Map.of("router", cidr.last().plus(-1)) : Map.of();
        Subnet subnet = new Subnet(cidr, range, Optional.of(cidr.first().plus(1)), aux, Optional.empty());
        Network plain = Fixtures.overlay("net");
        return new Network(
                plain.id(),
                plain.name(),
                plain.driver(),
                plain.scope(),
                plain.createTime(),
                Set.of(cidr.family()),
                List.of(subnet),
                "default",
                Map.of(),
                Set.of(),
                Map.of(),
                Map.of());
    }
}
