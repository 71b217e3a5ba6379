package dev.weft.controlplane.api.grpc;

import dev.weft.api.v1.Change;
import dev.weft.api.v1.WatchResponse;
import dev.weft.controlplane.codec.ApiMapping;
import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.keys.EntityKey;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.state.ClusterView;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Entries and mutations of the store as change messages. Bookkeeping keys have none. */
final class ChangeMessages {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeMessages.class);

    private static final Duration REPLICA_PATIENCE = Duration.ofSeconds(5);

    private final ClusterState state;
    private final DepartedNames departed;
    private final Set<ChangeKind> kinds;

    ChangeMessages(ClusterState state, DepartedNames departed, Set<ChangeKind> kinds) {
        this.state = state;
        this.departed = departed;
        this.kinds = kinds;
    }

    Optional<WatchResponse> ofSnapshot(long revision, Entry entry) {
        return message(revision, Change.Type.SNAPSHOT, entry);
    }

    Optional<WatchResponse> of(long revision, Mutation mutation) {
        return switch (mutation) {
            case Mutation.Updated(Entry entry, Optional<Entry> previous) ->
                message(revision, previous.isPresent() ? Change.Type.UPDATED : Change.Type.CREATED, entry);
            case Mutation.Removed(String _, Optional<Entry> previous) ->
                previous.flatMap(entry -> message(revision, Change.Type.DELETED, entry));
        };
    }

    private Optional<WatchResponse> message(long revision, Change.Type type, Entry entry) {
        Change.Builder change =
                Change.newBuilder().setRevision(revision).setType(type).setTime(Messages.timestamp(Instant.now()));
        try {
            return setEntity(change, entry)
                    ? Optional.of(WatchResponse.newBuilder().setChange(change).build())
                    : Optional.empty();
        } catch (DamagedValueException e) {
            LOG.error("Leaving a change out: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Returns whether the key is an entity's, of a kind that is wanted. */
    private boolean setEntity(Change.Builder change, Entry entry) {
        EntityKey key = EntityKey.parse(entry.key()).orElse(null);
        if (key instanceof EntityKey.OfNetwork && kinds.contains(ChangeKind.NETWORK)) {
            change.setNetwork(ApiMapping.network(ModelCodec.NETWORK.decode(entry)));
        } else if (key instanceof EntityKey.OfSandbox && kinds.contains(ChangeKind.SANDBOX)) {
            change.setSandbox(ApiMapping.sandbox(ModelCodec.SANDBOX.decode(entry)));
        } else if (key instanceof EntityKey.OfNode && kinds.contains(ChangeKind.NODE)) {
            change.setNode(ApiMapping.node(ModelCodec.NODE.decode(entry)));
        } else if (key instanceof EntityKey.OfEndpoint && kinds.contains(ChangeKind.ENDPOINT)) {
            change.setEndpoint(endpoint(ModelCodec.ENDPOINT.decode(entry)));
        } else {
            return false;
        }
        return true;
    }

    /** With names as far as they are known: of a removed endpoint, network or sandbox may be long gone. */
    private dev.weft.api.v1.Endpoint endpoint(Versioned<Endpoint> endpoint) {
        // The store's watch may tell of it before the replica has the network and the sandbox that came with it.
        awaitReplica(endpoint.modRevision());
        Optional<Network> network =
                state.read(view -> view.network(endpoint.value().network())).map(Versioned::value);
        Optional<Sandbox> sandbox =
                state.read(view -> view.sandbox(endpoint.value().sandbox())).map(Versioned::value);
        if (network.isPresent() && sandbox.isPresent()) {
            return ApiMapping.endpoint(endpoint, network.get(), sandbox.get()).build();
        }
        // The replica shows a deletion a moment before its listeners are told.
        awaitReplica(state.read(ClusterView::revision));
        dev.weft.api.v1.Endpoint.Builder bare = ApiMapping.endpoint(endpoint);
        network.map(Network::name)
                .or(() -> departed.network(endpoint.value().network()))
                .ifPresent(bare::setNetworkName);
        sandbox.map(Sandbox::name)
                .or(() -> departed.sandbox(endpoint.value().sandbox()))
                .ifPresent(bare::setSandboxName);
        return bare.build();
    }

    private void awaitReplica(long revision) {
        try {
            if (!state.awaitRevision(revision, REPLICA_PATIENCE)) {
                LOG.warn("The replica has not reached revision {}; a change goes out without names", revision);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
