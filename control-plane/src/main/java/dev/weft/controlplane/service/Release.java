package dev.weft.controlplane.service;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Lease;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.RestingAddress;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.net.IpAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * Removes an endpoint and lets its addresses rest. A lease goes only if this endpoint holds it and as it was read: a late
 * release cannot free the address of a successor.
 */
final class Release {

    private Release() {}

    /** @param keptFor the name that addresses that are to be kept are kept for: the sandbox's; nothing is kept without */
    static void write(
            Store store,
            Versioned<Endpoint> endpoint,
            Optional<String> keptFor,
            Instant now,
            Transaction.Builder transaction) {
        EndpointId id = endpoint.value().id();
        transaction
                .when(new Compare.ModifiedAt(Keys.endpoint(id), endpoint.modRevision()))
                .delete(Keys.endpoint(id));
        endpoint.value().link().ifPresent(link -> {
            link.addresses()
                    .forEach(address -> writeAddress(
                            store,
                            endpoint.value(),
                            address.address(),
                            keptFor.flatMap(name -> retention(endpoint.value(), link, name, now)),
                            now,
                            transaction));
            link.linkLocal().forEach(address -> writeLinkLocal(store, endpoint.value(), address, transaction));
        });
    }

    /** Of an address of the link alone: nobody is given one by choice, so it need not rest. */
    static void writeLinkLocal(Store store, Endpoint endpoint, IpAddress address, Transaction.Builder transaction) {
        lease(store, endpoint, address)
                .ifPresent(entry -> transaction.whenUnchanged(entry).delete(entry.key()));
    }

    private static Optional<Entry> lease(Store store, Endpoint endpoint, IpAddress address) {
        return store.get(Keys.lease(endpoint.network(), address))
                .filter(entry -> ModelCodec.LEASE
                        .decode(entry)
                        .value()
                        .holder()
                        .equals(new Lease.Holder.OfEndpoint(endpoint.id())));
    }

    private static Optional<RestingAddress.Retention> retention(
            Endpoint endpoint, Endpoint.Link link, String sandboxName, Instant now) {
        return endpoint.retention().map(time -> new RestingAddress.Retention(sandboxName, now.plus(time), link.mac()));
    }

    static void writeAddress(
            Store store,
            Endpoint endpoint,
            IpAddress address,
            Optional<RestingAddress.Retention> retention,
            Instant now,
            Transaction.Builder transaction) {
        lease(store, endpoint, address).ifPresent(entry -> {
            transaction.whenUnchanged(entry);
            rest(endpoint.network(), address, new RestingAddress(endpoint.id(), now, retention), transaction);
        });
    }

    /** Ends a lease, which the transaction has to compare, and begins the address's rest. */
    static void rest(NetworkId network, IpAddress address, RestingAddress rest, Transaction.Builder transaction) {
        transaction
                .delete(Keys.lease(network, address))
                .put(Keys.resting(network, address), ModelCodec.RESTING_ADDRESS.encode(rest));
    }
}
