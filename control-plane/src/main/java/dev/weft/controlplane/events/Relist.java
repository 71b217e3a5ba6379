package dev.weft.controlplane.events;

import dev.weft.controlplane.codec.DamagedValueException;
import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.Listing;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What is published in place of changes that were not kept: the difference between what is stored and what was published. */
public final class Relist {

    private Relist() {}

    /**
     * The events, marked as relisted: first each entity that is new or was changed, in the order of their revisions, then
     * the removal of each that is gone. What is as it was published last has none, so a revision never comes twice.
     *
     * @param stored everything in the store
     * @param published of each entity that subscribers have, by key, the state in which they have it
     * @param damaged told of each value that cannot be read; what was published of it stays
     * @return made while they are taken, so that not all are in memory at once
     */
    public static Stream<Event> events(
            Listing stored, Map<String, Fingerprint> published, Consumer<DamagedValueException> damaged) {
        Stream<Event> present = stored.entries().stream()
                .sorted(Comparator.comparingLong(Entry::modRevision))
                .flatMap(entry -> listed(entry, damaged).stream())
                .filter(event -> !Fingerprint.of(event.change()).equals(published.get(event.key())));
        Set<String> keys = new HashSet<>();
        stored.entries().forEach(entry -> keys.add(entry.key()));
        Stream<Event> gone = published.keySet().stream()
                .filter(key -> !keys.contains(key))
                .sorted()
                .flatMap(key -> EventMapping.missing(stored.revision(), key).stream());
        return Stream.concat(present, gone);
    }

    private static Optional<Event> listed(Entry entry, Consumer<DamagedValueException> damaged) {
        try {
            return EventMapping.listed(entry);
        } catch (DamagedValueException e) {
            damaged.accept(e);
            return Optional.empty();
        }
    }
}
