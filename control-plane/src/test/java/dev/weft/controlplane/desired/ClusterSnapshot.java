package dev.weft.controlplane.desired;

import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.controlplane.model.Versioned;
import dev.weft.controlplane.state.ClusterIndex;
import dev.weft.controlplane.state.EntityChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster's state as a value: entities with their revisions, by id. */
record ClusterSnapshot(Map<Object, Versioned<Object>> entities) {

    ClusterSnapshot {
        entities = Map.copyOf(entities);
    }

    /** Entities get the revisions 1, 2, 3 and so on. */
    static ClusterSnapshot of(Object... entities) {
        Map<Object, Versioned<Object>> map = new HashMap<>();
        for (Object entity : entities) {
            map.put(id(entity), new Versioned<>(entity, map.size() + 1L));
        }
        return new ClusterSnapshot(map);
    }

    ClusterSnapshot with(Object entity, long modRevision) {
        Map<Object, Versioned<Object>> map = new HashMap<>(entities);
        map.put(id(entity), new Versioned<>(entity, modRevision));
        return new ClusterSnapshot(map);
    }

    ClusterSnapshot without(Object entity) {
        Map<Object, Versioned<Object>> map = new HashMap<>(entities);
        map.remove(id(entity));
        return new ClusterSnapshot(map);
    }

    ClusterIndex index() {
        ClusterIndex index = new ClusterIndex();
        entities.values().forEach(entity -> put(index, entity));
        return index;
    }

    /** Changes the index, which shows another state, into this one. */
    List<EntityChange> writeTo(ClusterIndex index, ClusterSnapshot shown) {
        List<EntityChange> changes = new ArrayList<>();
        shown.entities.forEach((id, _) -> {
            if (!entities.containsKey(id)) {
                remove(index, id).ifPresent(changes::add);
            }
        });
        entities.forEach((id, entity) -> {
            if (!entity.equals(shown.entities.get(id))) {
                changes.add(put(index, entity));
            }
        });
        return changes;
    }

    static Object id(Object entity) {
        return switch (entity) {
            case Network network -> network.id();
            case Sandbox sandbox -> sandbox.id();
            case Endpoint endpoint -> endpoint.id();
            case Node node -> node.name();
            default -> throw new AssertionError(entity);
        };
    }

    private static EntityChange put(ClusterIndex index, Versioned<Object> entity) {
        return switch (entity.value()) {
            case Network network -> index.put(network, entity.modRevision());
            case Sandbox sandbox -> index.put(sandbox, entity.modRevision());
            case Endpoint endpoint -> index.put(endpoint, entity.modRevision());
            case Node node -> index.put(node, entity.modRevision());
            default -> throw new AssertionError(entity);
        };
    }

    private static Optional<EntityChange> remove(ClusterIndex index, Object id) {
        return switch (id) {
            case NetworkId network -> index.remove(network);
            case SandboxId sandbox -> index.remove(sandbox);
            case EndpointId endpoint -> index.remove(endpoint);
            case NodeName node -> index.remove(node);
            default -> throw new AssertionError(id);
        };
    }
}
