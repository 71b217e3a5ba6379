package dev.weft.controlplane.state;

import dev.weft.controlplane.codec.Codec;
import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.EntityKey;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.LastChosen;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.store.Entry;
import java.util.Optional;
import java.util.function.Function;

/** Brings entries of the store into an index. */
final class EntryDecoder {

    private EntryDecoder() {}

    /**
     * Writes the entry's value into the index.
     *
     * @return the entity's change; empty for what is no entity: leases, claims and other bookkeeping
     * @throws DamagedValueException if key or value cannot be read, or belong to different objects; the index is as before
     */
    static Optional<EntityChange> put(ClusterIndex index, Entry entry) {
        return switch (parse(entry.key())) {
            case EntityKey.OfNetwork(var id) -> {
                Network network = decode(ModelCodec.NETWORK, entry, Network::id, id);
                yield Optional.of(index.put(network, entry.modRevision()));
            }
            case EntityKey.OfSandbox(var id) -> {
                Sandbox sandbox = decode(ModelCodec.SANDBOX, entry, Sandbox::id, id);
                yield Optional.of(index.put(sandbox, entry.modRevision()));
            }
            case EntityKey.OfEndpoint(var id) -> {
                Endpoint endpoint = decode(ModelCodec.ENDPOINT, entry, Endpoint::id, id);
                yield Optional.of(index.put(endpoint, entry.modRevision()));
            }
            case EntityKey.OfNode(var name) -> {
                Node node = decode(ModelCodec.NODE, entry, Node::name, name);
                yield Optional.of(index.put(node, entry.modRevision()));
            }
            case EntityKey.OfLease(var network, var address) -> {
                index.putLease(network, address, ModelCodec.LEASE.decode(entry.key(), entry.value()));
                yield Optional.empty();
            }
            case EntityKey.OfRestingAddress(var network, var address) -> {
                index.putResting(network, address, ModelCodec.RESTING_ADDRESS.decode(entry));
                yield Optional.empty();
            }
            case EntityKey.OfAttachments(var sandbox) -> {
                index.attachmentsChangedAt(sandbox, entry.modRevision());
                yield Optional.empty();
            }
            case EntityKey.OfMembers(var network) -> {
                index.putLastChosen(network, ModelCodec.LAST_CHOSEN.decode(entry.key(), entry.value()));
                yield Optional.empty();
            }
            case EntityKey.OfGlobalNetworkName _,
                    EntityKey.OfNodeNetworkName _,
                    EntityKey.OfSandboxName _,
                    EntityKey.OfGlobalSpace _,
                    EntityKey.OfNodeSpace _,
                    EntityKey.OfSpaceEpoch _,
                    EntityKey.OfPorts _,
                    EntityKey.OfRestoring _,
                    EntityKey.OfLeader _,
                    EntityKey.OfLastLeader _,
                    EntityKey.OfJoinToken _,
                    EntityKey.OfCertificate _,
                    EntityKey.OfRevokedSerial _,
                    EntityKey.OfRevokedSubject _,
                    EntityKey.OfRequest _ -> Optional.empty();
        };
    }

    /**
     * Takes what the key names out of the index.
     *
     * @return the entity's change; empty if it was not there or is no entity
     * @throws DamagedValueException if the key cannot be read
     */
    static Optional<EntityChange> remove(ClusterIndex index, String key) {
        return switch (parse(key)) {
            case EntityKey.OfNetwork(var id) -> index.remove(id);
            case EntityKey.OfSandbox(var id) -> index.remove(id);
            case EntityKey.OfEndpoint(var id) -> index.remove(id);
            case EntityKey.OfNode(var name) -> index.remove(name);
            case EntityKey.OfLease(var network, var address) -> {
                index.removeLease(network, address);
                yield Optional.empty();
            }
            case EntityKey.OfRestingAddress(var network, var address) -> {
                index.removeResting(network, address);
                yield Optional.empty();
            }
            case EntityKey.OfAttachments(var sandbox) -> {
                index.removeAttachments(sandbox);
                yield Optional.empty();
            }
            case EntityKey.OfMembers(var network) -> {
                index.putLastChosen(network, LastChosen.NONE);
                yield Optional.empty();
            }
            case EntityKey.OfGlobalNetworkName _,
                    EntityKey.OfNodeNetworkName _,
                    EntityKey.OfSandboxName _,
                    EntityKey.OfGlobalSpace _,
                    EntityKey.OfNodeSpace _,
                    EntityKey.OfSpaceEpoch _,
                    EntityKey.OfPorts _,
                    EntityKey.OfRestoring _,
                    EntityKey.OfLeader _,
                    EntityKey.OfLastLeader _,
                    EntityKey.OfJoinToken _,
                    EntityKey.OfCertificate _,
                    EntityKey.OfRevokedSerial _,
                    EntityKey.OfRevokedSubject _,
                    EntityKey.OfRequest _ -> Optional.empty();
        };
    }

    private static EntityKey parse(String key) {
        return EntityKey.parse(key)
                .orElseThrow(() -> new DamagedValueException(key, "this version of Weft knows no such key"));
    }

    private static <T, I> T decode(Codec<T> codec, Entry entry, Function<T, I> id, I expected) {
        T value = codec.decode(entry.key(), entry.value());
        if (!id.apply(value).equals(expected)) {
            throw new DamagedValueException(entry.key(), "the value is that of " + id.apply(value));
        }
        return value;
    }
}
