package dev.weft.controlplane.state;

import dev.weft.controlplane.model.Versioned;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Entities of one kind by id, and in the order that users see: by name, then id. Not safe for concurrent use.
 *
 * @param <V> the entity
 */
final class EntityTable<V> {

    private record Place(String name, String id) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::name).thenComparing(Place::id);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private final Function<V, String> id;
    private final Function<V, String> name;
    private final TreeMap<String, Versioned<V>> byId = new TreeMap<>();
    private final TreeMap<Place, Versioned<V>> byPlace = new TreeMap<>();
    private final Collection<Versioned<V>> all = Collections.unmodifiableCollection(byPlace.values());

    EntityTable(Function<V, String> id, Function<V, String> name) {
        this.id = id;
        this.name = name;
    }

    /** Returns what was there before. */
    Optional<Versioned<V>> put(Versioned<V> entity) {
        Optional<Versioned<V>> before = remove(id.apply(entity.value()));
        byId.put(id.apply(entity.value()), entity);
        byPlace.put(place(entity), entity);
        return before;
    }

    Optional<Versioned<V>> remove(String entityId) {
        Versioned<V> before = byId.remove(entityId);
        if (before != null) {
            byPlace.remove(place(before));
        }
        return Optional.ofNullable(before);
    }

    Optional<Versioned<V>> get(String entityId) {
        return Optional.ofNullable(byId.get(entityId));
    }

    Collection<Versioned<V>> all() {
        return all;
    }

    /** The first two whose id begins with the prefix: enough to tell none, one and several apart. */
    List<Versioned<V>> withPrefix(String prefix) {
        return byId.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .limit(2)
                .map(Map.Entry::getValue)
                .toList();
    }

    private Place place(Versioned<V> entity) {
        return new Place(name.apply(entity.value()), id.apply(entity.value()));
    }
}
