package dev.weft.controlplane.service;

import dev.weft.controlplane.ipam.Allocation;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Addresses that requests of this process are about to lease. It keeps concurrent requests from proposing the same free
 * address to the store; correctness does not depend on it, the lease keys' compares decide.
 */
final class AddressReservations {

    private final Map<NetworkId, Set<IpAddress>> reserved = new HashMap<>();

    /** Reservations of one attempt; they end with it. */
    Batch open() {
        return new Batch();
    }

    final class Batch implements AutoCloseable {

        private record Held(NetworkId network, IpAddress address) {}

        private final List<Held> held = new ArrayList<>();

        private Batch() {}

        /**
         * Chooses, and reserves what was chosen, in one step.
         *
         * @param choice gets the addresses that are reserved already; must not block
         */
        Allocation reserve(NetworkId network, Function<Set<IpAddress>, Allocation> choice) {
            synchronized (reserved) {
                Allocation allocation = choice.apply(reserved.getOrDefault(network, Set.of()));
                if (allocation instanceof Allocation.Candidate(InterfaceAddress chosen, var _)
                        && reserved.computeIfAbsent(network, _ -> new HashSet<>())
                                .add(chosen.address())) {
                    held.add(new Held(network, chosen.address()));
                }
                return allocation;
            }
        }

        @Override
        public void close() {
            synchronized (reserved) {
                for (Held one : held) {
                    Set<IpAddress> ofNetwork = reserved.get(one.network());
                    if (ofNetwork != null) {
                        ofNetwork.remove(one.address());
                        if (ofNetwork.isEmpty()) {
                            reserved.remove(one.network());
                        }
                    }
                }
                held.clear();
            }
        }
    }
}
