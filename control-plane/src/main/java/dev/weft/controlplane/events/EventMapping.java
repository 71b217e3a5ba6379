package dev.weft.controlplane.events;

import dev.weft.api.v1.Change;
import dev.weft.controlplane.codec.ApiMapping;
import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.EntityKey;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import java.util.Optional;

/**
 * From changes of the store to events. Networks, sandboxes, endpoints and nodes have events; leases, claims and other
 * bookkeeping follow from them and have none. An entity is shown as it is stored, with its revision: nothing is looked up
 * elsewhere, so an endpoint carries the ids of its network and sandbox and not their names.
 */
public final class EventMapping {

    private EventMapping() {}

    /**
     * The event of one key's change.
     *
     * @param revision of the transaction that made the change
     * @return empty for bookkeeping
     * @throws DamagedValueException if the value cannot be read
     */
    public static Optional<Event> of(long revision, Mutation mutation) {
        return switch (mutation) {
            case Mutation.Updated(Entry entry, Optional<Entry> previous) ->
                event(revision, previous.isPresent() ? Change.Type.UPDATED : Change.Type.CREATED, entry, false);
            case Mutation.Removed(String key, Optional<Entry> previous) ->
                previous.isPresent()
                        ? event(revision, Change.Type.DELETED, previous.get(), false)
                        : removed(revision, key, false);
        };
    }

    /**
     * The event by which an entity is listed, at the revision of its last change.
     *
     * @return empty for bookkeeping
     * @throws DamagedValueException if the value cannot be read
     */
    public static Optional<Event> listed(Entry entry) {
        return event(entry.modRevision(), Change.Type.SNAPSHOT, entry, true);
    }

    /** The event for an entity that a listing does not have any more; of the entity only the id is known. */
    static Optional<Event> missing(long revision, String key) {
        return removed(revision, key, true);
    }

    private static Optional<Event> event(long revision, Change.Type type, Entry entry, boolean relisted) {
        Change.Builder change = Change.newBuilder().setRevision(revision).setType(type);
        return switch (EntityKey.parse(entry.key()).orElse(null)) {
            case EntityKey.OfNetwork _ ->
                event(entry, relisted, change.setNetwork(ApiMapping.network(ModelCodec.NETWORK.decode(entry))));
            case EntityKey.OfSandbox _ ->
                event(entry, relisted, change.setSandbox(ApiMapping.sandbox(ModelCodec.SANDBOX.decode(entry))));
            case EntityKey.OfEndpoint _ ->
                event(entry, relisted, change.setEndpoint(ApiMapping.endpoint(ModelCodec.ENDPOINT.decode(entry))));
            case EntityKey.OfNode _ ->
                event(entry, relisted, change.setNode(ApiMapping.node(ModelCodec.NODE.decode(entry))));
            case null, default -> Optional.empty();
        };
    }

    private static Optional<Event> event(Entry entry, boolean relisted, Change.Builder change) {
        return Optional.of(new Event(entry.key(), change.build(), relisted));
    }

    private static Optional<Event> removed(long revision, String key, boolean relisted) {
        Change.Builder change = Change.newBuilder().setRevision(revision).setType(Change.Type.DELETED);
        boolean isEntity = true;
        switch (EntityKey.parse(key).orElse(null)) {
            case EntityKey.OfNetwork(var id) -> change.getNetworkBuilder().setId(id.value());
            case EntityKey.OfSandbox(var id) -> change.getSandboxBuilder().setId(id.value());
            case EntityKey.OfEndpoint(var id) -> change.getEndpointBuilder().setId(id.value());
            case EntityKey.OfNode(var name) -> change.getNodeBuilder().setName(name.value());
            case null, default -> isEntity = false;
        }
        return isEntity ? Optional.of(new Event(key, change.build(), relisted)) : Optional.empty();
    }
}
