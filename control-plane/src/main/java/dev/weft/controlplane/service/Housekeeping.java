package dev.weft.controlplane.service;

import dev.weft.controlplane.keys.EntityKey;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Removes bookkeeping that nobody needs any more: rests that are over, leaked leases, and addresses of networks whose
 * deletion could not remove them all in its one transaction. Nothing waits for it. Every write is made only under the
 * conditions that its caller names: the leader's that it still leads.
 */
public final class Housekeeping {

    private static final int BATCH = Store.MAX_TRANSACTION_OPERATIONS - 8;

    private record Rest(String key, long modRevision) {}

    private final Core core;
    private final LeakCollector leaks;

    Housekeeping(Core core, LeakCollector leaks) {
        this.core = core;
        this.leaks = leaks;
    }

    /** Looks for leases that nobody needs, and releases those that a second look has proven. */
    public void collectLeaks(List<Compare> conditions) {
        leaks.look(conditions);
    }

    /** Forgets the rests that are over. */
    public void removeFinishedRests(List<Compare> conditions) {
        Instant now = core.clock().instant();
        Instant cutoff = now.minus(core.restPeriod());
        List<Rest> finished = core.state().read(view -> {
            List<Rest> found = new ArrayList<>();
            view.networks()
                    .forEach(network -> view.resting(network.value().id()).forEach((address, rest) -> {
                        if (rest.value().releaseTime().isBefore(cutoff)
                                && rest.value().retentionAt(now).isEmpty()) {
                            found.add(new Rest(Keys.resting(network.value().id(), address), rest.modRevision()));
                        }
                    }));
            return found;
        });
        for (int begin = 0; begin < finished.size(); begin += BATCH) {
            Transaction.Builder transaction = Transaction.builder();
            conditions.forEach(transaction::when);
            for (Rest rest : finished.subList(begin, Math.min(finished.size(), begin + BATCH))) {
                transaction
                        .when(new Compare.ModifiedAt(rest.key(), rest.modRevision()))
                        .delete(rest.key());
            }
            // A conflict means that an address was taken or released meanwhile, or that the caller leads no more: the
            // next
            // run looks again.
            core.store().commit(transaction.build());
        }
    }

    /** Removes the addresses of networks that are gone. Reads all leases: not for every minute. */
    public void removeOrphans(List<Compare> conditions) {
        Set<NetworkId> known = new HashSet<>(core.state()
                .read(view -> view.networks().stream()
                        .map(Versioned::value)
                        .map(network -> network.id())
                        .toList()));
        Set<NetworkId> orphans = new HashSet<>();
        Stream.of(Keys.LEASES, Keys.RESTING)
                .flatMap(prefix -> core.store().list(prefix).entries().stream())
                .map(entry -> EntityKey.parse(entry.key()))
                .flatMap(Optional::stream)
                .flatMap(key -> networkOf(key).stream())
                .filter(network -> !known.contains(network))
                .forEach(orphans::add);
        // The sweep's transactions compare that the network does not exist: one that the replica has yet to learn of
        // stays.
        orphans.forEach(network -> DeleteNetwork.sweep(core.store(), network, conditions));
    }

    private static Optional<NetworkId> networkOf(EntityKey key) {
        if (key instanceof EntityKey.OfLease(NetworkId network, var _)) {
            return Optional.of(network);
        }
        if (key instanceof EntityKey.OfRestingAddress(NetworkId network, var _)) {
            return Optional.of(network);
        }
        return Optional.empty();
    }
}
