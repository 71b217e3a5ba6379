package dev.weft.controlplane.service;

import dev.weft.controlplane.admission.NetworkRemoval;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.RequestRecord;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.service.References.Nearness;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a network that has no endpoints and that no other was made from. Both write the network's guard key when they
 * come, so one that slips in between the look and the commit fails the commit.
 *
 * <p>Its leases and rests are removed in the same transaction as far as it can carry them; {@link #sweep} removes the rest
 * afterwards. Nobody reads them any more then: a network's id is never used again.
 */
final class DeleteNetwork implements UseCase<DeleteNetwork.Deleted> {

    /** Operations kept free for what else the transaction has to write. */
    private static final int MAX_ADDRESS_KEYS = Store.MAX_TRANSACTION_OPERATIONS - 16;

    private static final Logger LOG = LoggerFactory.getLogger(DeleteNetwork.class);

    private final Core core;
    private final String reference;
    private final Nearness nearness;

    /** What was deleted. */
    record Deleted(NetworkId id, String name) {}

    DeleteNetwork(Core core, String reference, Nearness nearness) {
        this.core = core;
        this.reference = reference;
        this.nearness = nearness;
    }

    @Override
    public Draft<Deleted> decide(AddressReservations.Batch reservations) {
        Versioned<Network> found = core.state().read(view -> References.network(view, reference, nearness));
        Network network = found.value();
        NetworkId id = network.id();
        Optional<Entry> guard = core.store().get(Keys.members(id));
        core.transactor().awaitReplica(guard.map(Entry::modRevision).orElse(0L));
        Refusals.admitted(core.state()
                .read(view -> NetworkRemoval.admit(network, activeEndpoints(view, id), madeFrom(view, network))));
        Transaction.Builder transaction = Transaction.builder()
                .when(new Compare.ModifiedAt(Keys.network(id), found.modRevision()))
                .when(Spaces.unchanged(Keys.members(id), guard))
                .delete(Keys.network(id))
                .delete(Keys.networkName(network.scope(), network.name()))
                .delete(Keys.members(id));
        Spaces.remove(core.store(), network.scope(), id, transaction);
        addressKeys(core.store(), id).limit(MAX_ADDRESS_KEYS).forEach(transaction::delete);
        Deleted deleted = new Deleted(id, network.name());
        return new Draft<>(transaction, deleted, new Draft.Evidence.Gone(Keys.network(id)), id.value(), network.name());
    }

    @Override
    public Deleted repeat(RequestRecord record) {
        return new Deleted(new NetworkId(record.resultId()), record.resultName());
    }

    /** The same for a network that has just been deleted; what the store cannot do now, housekeeping does later. */
    static void sweepOrLater(Store store, NetworkId id, String name) {
        try {
            sweep(store, id, List.of());
        } catch (StoreException e) {
            LOG.warn("Left-over addresses of network {} stay for now: {}", name, e.getMessage());
        }
    }

    /**
     * Removes what address keys of a deleted network are left; does nothing while the network exists.
     *
     * @param conditions what must hold, too, for each of its writes
     */
    static void sweep(Store store, NetworkId id, List<Compare> conditions) {
        while (true) {
            List<String> keys = addressKeys(store, id).limit(MAX_ADDRESS_KEYS).toList();
            if (keys.isEmpty()) {
                return;
            }
            Transaction.Builder transaction = Transaction.builder().whenAbsent(Keys.network(id));
            conditions.forEach(transaction::when);
            keys.forEach(transaction::delete);
            if (store.commit(transaction.build()) instanceof CommitResult.Conflict) {
                return;
            }
        }
    }

    static Stream<String> addressKeys(Store store, NetworkId id) {
        return Stream.concat(
                        store.list(Keys.leases(id)).entries().stream(), store.list(Keys.resting(id)).entries().stream())
                .map(Entry::key);
    }

    private static List<Network> madeFrom(ClusterView view, Network configuration) {
        if (!configuration.isConfigurationOnly()) {
            return List.of();
        }
        return view.networks().stream()
                .map(Versioned::value)
                .filter(network -> network.configuration() instanceof Configuration.From(NetworkId source, var _)
                        && source.equals(configuration.id()))
                .toList();
    }

    private static List<NetworkRemoval.ActiveEndpoint> activeEndpoints(ClusterView view, NetworkId id) {
        return view.endpointsOf(id).stream()
                .map(Versioned::value)
                .map(endpoint -> new NetworkRemoval.ActiveEndpoint(
                        view.sandbox(endpoint.sandbox())
                                .map(sandbox -> sandbox.value().name())
                                .orElse(endpoint.sandbox().shortId()),
                        endpoint.id()))
                .toList();
    }
}
