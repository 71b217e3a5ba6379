package dev.weft.controlplane.store;

import java.util.List;
import java.util.Optional;

/** What a watch tells. */
public sealed interface WatchEvent {

    /**
     * All entries as of a revision: the first event of a watch from a snapshot, and again whenever the watch could not
     * resume. It replaces everything known; keys that are not in it are gone.
     */
    record Snapshot(long revision, List<Entry> entries) implements WatchEvent {
        public Snapshot {
            entries = List.copyOf(entries);
        }
    }

    /** All changes of one revision under the prefix, in key order. */
    record Changes(long revision, List<Mutation> mutations) implements WatchEvent {
        public Changes {
            mutations = List.copyOf(mutations);
        }
    }

    /**
     * Everything under the prefix up to this revision has been told: safe to resume from. Told now and then while other
     * keys change, so that an idle watch does not fall behind the compaction.
     */
    record Progress(long revision) implements WatchEvent {}

    /**
     * History that the watch still had to tell is gone; the watch is over. Told only to a watch with
     * {@link WatchStart.After}, at its start or when it fell behind later.
     *
     * @param oldestRevision the oldest revision after which a watch can start now
     */
    record Compacted(long oldestRevision) implements WatchEvent {}

    /** One key's change. */
    sealed interface Mutation {
        String key();

        /** Created or written anew. */
        record Updated(Entry entry, Optional<Entry> previous) implements Mutation {
            @Override
            public String key() {
                return entry.key();
            }
        }

        /** Removed, by a transaction or because its time to live ended. */
        record Removed(String key, Optional<Entry> previous) implements Mutation {}
    }
}
