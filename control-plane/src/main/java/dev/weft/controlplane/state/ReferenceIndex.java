package dev.weft.controlplane.state;

import dev.weft.controlplane.model.Versioned;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Entities by something that they refer to, in the order of their ids. Not safe for concurrent use.
 *
 * @param <R> what is referred to
 * @param <V> the entity
 */
final class ReferenceIndex<R, V> {

    private final Function<V, R> reference;
    private final Function<V, String> id;
    private final Map<R, TreeMap<String, Versioned<V>>> byReference = new HashMap<>();

    ReferenceIndex(Function<V, R> reference, Function<V, String> id) {
        this.reference = reference;
        this.id = id;
    }

    void put(Versioned<V> entity) {
        byReference
                .computeIfAbsent(reference.apply(entity.value()), _ -> new TreeMap<>())
                .put(id.apply(entity.value()), entity);
    }

    void remove(Versioned<V> entity) {
        byReference.computeIfPresent(reference.apply(entity.value()), (_, entities) -> {
            entities.remove(id.apply(entity.value()));
            return entities.isEmpty() ? null : entities;
        });
    }

    Collection<Versioned<V>> of(R referent) {
        TreeMap<String, Versioned<V>> entities = byReference.get(referent);
        return entities == null ? List.of() : Collections.unmodifiableCollection(entities.values());
    }
}
