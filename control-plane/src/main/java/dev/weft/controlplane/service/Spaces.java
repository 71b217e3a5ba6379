package dev.weft.controlplane.service;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.EntityKey;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.model.AddressSpace;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.store.Compare;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The address spaces that a new network meets, as read from the store, with the conditions under which they still hold.
 *
 * <p>No local subnet may overlap a global one (ADR 3). A local creation compares the global space and its node's, and
 * writes {@code spaces/epoch} without comparing it; a global creation read all spaces and compares the global one and the
 * epoch (ADR 1). So of any two creations that could overlap, one sees the other or fails its compare.
 */
record Spaces(Scope scope, Optional<Entry> globalEntry, Map<NodeName, Entry> localEntries, Optional<Entry> epoch) {

    static Spaces read(Store store, Scope scope) {
        return switch (scope) {
            case Scope.Local(NodeName node) -> {
                Optional<Entry> global = store.get(Keys.GLOBAL_SPACE);
                Map<NodeName, Entry> local = new TreeMap<>();
                store.get(Keys.space(scope)).ifPresent(entry -> local.put(node, entry));
                yield new Spaces(scope, global, local, Optional.empty());
            }
            case Scope.Global() -> readAll(store, scope);
        };
    }

    private static Spaces readAll(Store store, Scope scope) {
        Optional<Entry> global = Optional.empty();
        Optional<Entry> epoch = Optional.empty();
        Map<NodeName, Entry> local = new TreeMap<>();
        for (Entry entry : store.list(Keys.SPACES).entries()) {
            Optional<EntityKey> key = EntityKey.parse(entry.key());
            if (key.isEmpty()) {
                continue;
            }
            if (key.get() instanceof EntityKey.OfGlobalSpace) {
                global = Optional.of(entry);
            } else if (key.get() instanceof EntityKey.OfSpaceEpoch) {
                epoch = Optional.of(entry);
            } else if (key.get() instanceof EntityKey.OfNodeSpace(NodeName node)) {
                local.put(node, entry);
            }
        }
        return new Spaces(scope, global, local, epoch);
    }

    /** Up to this revision the replica has to know networks, to know all that are in these spaces. */
    long revision() {
        return Stream.of(globalEntry.stream(), localEntries.values().stream(), epoch.stream())
                .flatMap(entries -> entries)
                .mapToLong(Entry::modRevision)
                .max()
                .orElse(0);
    }

    AddressSpace global() {
        return decode(globalEntry);
    }

    Map<NodeName, AddressSpace> local() {
        Map<NodeName, AddressSpace> spaces = new TreeMap<>();
        localEntries.forEach((node, entry) -> spaces.put(node, decode(Optional.of(entry))));
        return spaces;
    }

    /** Puts the network's subnets into its space, on condition that nothing changed that could overlap them. */
    void add(Network network, Transaction.Builder transaction) {
        transaction.when(unchanged(Keys.GLOBAL_SPACE, globalEntry));
        switch (scope) {
            case Scope.Local(NodeName node) -> {
                Optional<Entry> own = Optional.ofNullable(localEntries.get(node));
                transaction
                        .when(unchanged(Keys.space(scope), own))
                        .put(Keys.space(scope), encode(decode(own).plus(network)))
                        .put(Keys.SPACE_EPOCH, ByteString.EMPTY);
            }
            case Scope.Global() ->
                transaction
                        .when(unchanged(Keys.SPACE_EPOCH, epoch))
                        .put(Keys.GLOBAL_SPACE, encode(global().plus(network)));
        }
    }

    /** Takes the network's subnets out of its space. */
    static void remove(Store store, Scope scope, NetworkId network, Transaction.Builder transaction) {
        store.get(Keys.space(scope))
                .ifPresent(entry -> transaction
                        .whenUnchanged(entry)
                        .put(
                                Keys.space(scope),
                                encode(decode(Optional.of(entry)).minus(network))));
    }

    /** That a key is as it was found: absent, or last written when it was. */
    static Compare unchanged(String key, Optional<Entry> found) {
        return found.<Compare>map(entry -> new Compare.ModifiedAt(key, entry.modRevision()))
                .orElseGet(() -> new Compare.Absent(key));
    }

    private static AddressSpace decode(Optional<Entry> entry) {
        return entry.map(found -> ModelCodec.ADDRESS_SPACE.decode(found).value())
                .orElse(AddressSpace.EMPTY);
    }

    private static ByteString encode(AddressSpace space) {
        return ModelCodec.ADDRESS_SPACE.encode(space);
    }
}
