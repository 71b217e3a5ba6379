package dev.weft.controlplane.store;

import static dev.weft.controlplane.store.StoreFixture.after;
import static dev.weft.controlplane.store.StoreFixture.number;
import static dev.weft.controlplane.store.StoreFixture.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What compaction takes and what it leaves. */
interface CompactionContract extends StoreFixture {

    @Test
    default void compactionForgetsHistoryButNoCurrentValue() {
        long first = put("w/a", ONE);
        long second = put("w/a", TWO);
        long removed = delete("w/a");
        long kept = put("w/b", ONE);
        store().compact(kept);
        store().compact(kept);
        store().compact(second);

        assertThat(store().get("w/b")).contains(new Entry("w/b", ONE, kept, kept));
        assertThat(store().list("w/").entries()).extracting(Entry::key).containsExactly("w/b");
        for (long old : new long[] {first - 1, first, second, removed}) {
            RecordedEvents events = new RecordedEvents();
            try (Watch _ = store().watch("w/", after(old), events)) {
                events.await("the end of a watch after " + old, e -> !e.all().isEmpty());
                assertThat(events.all()).containsExactly(new WatchEvent.Compacted(kept));
            }
        }
        long last = put("w/b", TWO);
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store().watch("w/", after(kept), events)) {
            events.awaitRevision(last);
        }
        assertThat(events.changes())
                .containsExactly(new WatchEvent.Changes(
                        last,
                        List.of(updated(
                                new Entry("w/b", TWO, kept, last), Optional.of(new Entry("w/b", ONE, kept, kept))))));
    }

    @Test
    default void aRemovalAtTheBorderOfCompactionIsNotLost() {
        put("w/a", ONE);
        long removed = delete("w/a");
        store().compact(removed);

        RecordedEvents before = new RecordedEvents();
        RecordedEvents after = new RecordedEvents();
        try (Watch _ = store().watch("w/", after(removed - 1), before);
                Watch _ = store().watch("w/", after(removed), after)) {
            before.await("the end of the watch", e -> !e.all().isEmpty());
            long next = put("w/b", ONE);
            after.awaitRevision(next);
        }
        assertThat(before.all()).containsExactly(new WatchEvent.Compacted(removed));
        assertThat(after.changes()).hasSize(1);
    }

    @Test
    default void aWatchFromASnapshotIsNotDisturbedByCompaction() {
        put("w/a", ONE);
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store().watch("w/", new WatchStart.FromSnapshot(), events)) {
            for (int i = 0; i < 20; i++) {
                store().compact(put("w/" + i, number(i)));
            }
            events.awaitRevision(store().revision());
        }
        events.assertWellFormed();
        assertThat(events.state()).isEqualTo(state("w/"));

        RecordedEvents late = new RecordedEvents();
        try (Watch _ = store().watch("w/", new WatchStart.FromSnapshot(), late)) {
            late.await("the snapshot", e -> !e.snapshots().isEmpty());
        }
        assertThat(late.state()).isEqualTo(state("w/"));
    }

    @Test
    default void theFutureCannotBeCompacted() {
        long revision = put("a", ONE);
        assertThatThrownBy(() -> store().compact(revision + 1000)).isInstanceOf(IllegalArgumentException.class);
    }
}
