package dev.weft.controlplane.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several replicas, each with an index that lags behind the store by an amount of its own, propose and commit in a random
 * interleaving. The store here is the least that the protocol needs: two maps and a compare.
 */
final class ConcurrentReplicasTest {

    private static final Duration REST = Duration.ofSeconds(30);
    private static final int REPLICAS = 4;
    private static final int STEPS = 3_000;

    /** Leases and rests with the compares that {@link Allocation.Candidate} asks for. */
    private static final class TinyStore {
        private final Map<IpAddress, EndpointId> leases = new HashMap<>();
        private final Map<IpAddress, Versioned<RestingAddress>> resting = new HashMap<>();
        private final List<Queue<Consumer<AddressIndex>>> watches = new ArrayList<>();
        private long revision;

        boolean lease(Allocation.Candidate candidate, EndpointId holder) {
            IpAddress address = candidate.address().address();
            if (leases.containsKey(address)
                    || !Optional.ofNullable(resting.get(address)).equals(candidate.rest())) {
                return false;
            }
            revision++;
            leases.put(address, holder);
            resting.remove(address);
            tell(index -> {
                index.lease(address);
                index.unrest(address);
            });
            return true;
        }

        void release(IpAddress address, EndpointId holder, Instant now) {
            assertThat(leases.remove(address)).isEqualTo(holder);
            Versioned<RestingAddress> rest = new Versioned<>(new RestingAddress(holder, now), ++revision);
            resting.put(address, rest);
            tell(index -> {
                index.unlease(address);
                index.rest(address, rest);
            });
        }

        private void tell(Consumer<AddressIndex> change) {
            watches.forEach(watch -> watch.add(change));
        }
    }

    private static final class Replica {
        private final AddressIndex index;
        private final Queue<Consumer<AddressIndex>> behind = new ArrayDeque<>();
        private final LeaseWorkload<EndpointId> workload;
        private final Map<EndpointId, IpAddress> addresses = new HashMap<>();
        private Optional<Allocation.Candidate> proposed = Optional.empty();

        Replica(Network network, long seed) {
            index = AddressIndex.of(network.subnets());
            workload = new LeaseWorkload<>(seed, network.subnets().getFirst(), 10);
        }

        void catchUp(int events) {
            for (int i = 0; i < events && !behind.isEmpty(); i++) {
                behind.remove().accept(index);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.0.0/27", "fd00:1::/122", "10.1.0.0/29"})
    void neverTwoHoldersNeverALostAddress(String cidr) {
        for (long seed = 0; seed < 20; seed++) {
            run(Fixtures.overlay("net", cidr), seed);
        }
    }

    private static void run(Network network, long seed) {
        Random random = new Random(seed);
        TinyStore store = new TinyStore();
        LeaseInvariants<EndpointId> invariants = new LeaseInvariants<>();
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; i < REPLICAS; i++) {
            Replica replica = new Replica(network, seed * REPLICAS + i);
            replicas.add(replica);
            store.watches.add(replica.behind);
        }
        Instant now = Fixtures.THEN;
        int conflicts = 0;
        int grants = 0;
        for (int step = 0; step < STEPS; step++) {
            now = now.plusSeconds(random.nextInt(3));
            Replica replica = replicas.get(random.nextInt(REPLICAS));
            replica.catchUp(random.nextInt(8));
            if (replica.proposed.isPresent()) {
                EndpointId holder = new EndpointId(Fixtures.hex("endpoint " + step));
                Allocation.Candidate candidate = replica.proposed.get();
                replica.proposed = Optional.empty();
                if (store.lease(candidate, holder)) {
                    IpAddress address = candidate.address().address();
                    invariants.granted(holder, address);
                    replica.workload.got(holder);
                    replica.addresses.put(holder, address);
                    grants++;
                } else {
                    conflicts++;
                }
                continue;
            }
            Instant time = now;
            switch (replica.workload.next()) {
                case LeaseWorkload.Operation.Automatic<EndpointId>() ->
                    replica.proposed = candidate(AddressAllocator.automatic(
                            network, network.subnets().getFirst().family(), replica.index, Set.of(), time, REST));
                case LeaseWorkload.Operation.Exact<EndpointId>(IpAddress address) ->
                    replica.proposed = candidate(AddressAllocator.exact(network, address, replica.index));
                case LeaseWorkload.Operation.Release<EndpointId>(EndpointId holder) -> {
                    invariants.releasing(holder);
                    IpAddress address = Optional.ofNullable(replica.addresses.remove(holder))
                            .orElseThrow();
                    store.release(address, holder, time);
                    replica.workload.gone(holder);
                    invariants.released(holder);
                }
            }
        }
        assertThat(invariants.check(network, store.leases, store.resting, now, REST))
                .as("seed %d", seed)
                .isEmpty();
        assertThat(grants).as("it did something").isGreaterThan(REPLICAS);
        assertThat(conflicts).as("replicas got in each other's way").isPositive();
        Replica one = replicas.getFirst();
        one.catchUp(Integer.MAX_VALUE);
        for (IpFamily family : network.families()) {
            assertThat(AddressAllocator.automatic(network, family, one.index, Set.of(), now, REST))
                    .as("an index that has caught up is one built anew, seed %d", seed)
                    .isEqualTo(
                            AddressAllocator.automatic(network, family, rebuilt(network, store), Set.of(), now, REST));
        }
    }

    private static AddressIndex rebuilt(Network network, TinyStore store) {
        AddressIndex index = AddressIndex.of(network.subnets());
        store.leases.keySet().forEach(index::lease);
        store.resting.forEach(index::rest);
        return index;
    }

    private static Optional<Allocation.Candidate> candidate(Allocation allocation) {
        return allocation instanceof Allocation.Candidate(InterfaceAddress address, var rest)
                ? Optional.of(new Allocation.Candidate(address, rest))
                : Optional.empty();
    }
}
