package dev.weft.controlplane.store;

import static dev.weft.controlplane.store.StoreFixture.after;
import static dev.weft.controlplane.store.StoreFixture.committed;
import static dev.weft.controlplane.store.StoreFixture.inParallel;
import static dev.weft.controlplane.store.StoreFixture.number;
import static dev.weft.controlplane.store.StoreFixture.updated;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import dev.weft.controlplane.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Watches. */
interface WatchContract extends StoreFixture {

    @Test
    default void aWatchTellsWhatChangedAndWhatWasThere() {
        long before = store().revision();
        long created = put("w/a", ONE);
        put("other", ONE);
        long updated = put("w/a", TWO);
        long both = committed(store().commit(Transaction.builder()
                .put("w/b", ONE)
                .delete("w/a")
                .put("w0", ONE)
                .build()));

        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store().watch("w/", after(before), events)) {
            events.await("three changes", e -> e.changes().size() == 3);
        }

        Entry first = new Entry("w/a", ONE, created, created);
        Entry second = new Entry("w/a", TWO, created, updated);
        assertThat(events.changes())
                .containsExactly(
                        new WatchEvent.Changes(created, List.of(updated(first, Optional.empty()))),
                        new WatchEvent.Changes(updated, List.of(updated(second, Optional.of(first)))),
                        new WatchEvent.Changes(
                                both,
                                List.of(
                                        new Mutation.Removed("w/a", Optional.of(second)),
                                        updated(new Entry("w/b", ONE, both, both), Optional.empty()))));
        events.assertWellFormed();
    }

    @Test
    default void aWatchResumesInTheMiddle() {
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            revisions.add(put("w/" + i, number(i)));
        }
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store().watch("w/", after(revisions.get(4)), events)) {
            events.await("the old changes", e -> e.changes().size() == 5);
            revisions.add(put("w/new", ONE));
            events.await("the new change", e -> e.changes().size() == 6);
        }
        assertThat(events.changes())
                .extracting(WatchEvent.Changes::revision)
                .containsExactlyElementsOf(revisions.subList(5, 11));
    }

    @Test
    default void aWatchOfAFutureRevisionWaitsForIt() {
        long now = put("w/a", ONE);
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store().watch("w/", after(now + 2), events)) {
            put("w/b", ONE);
            put("w/c", ONE);
            long third = put("w/d", ONE);
            events.await("the change after it", e -> !e.changes().isEmpty());
            assertThat(events.changes().getFirst().revision()).isEqualTo(third);
        }
    }

    @Test
    default void aSnapshotIsTheFirstEventEvenIfEmpty() {
        long revision = put("other", ONE);
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store().watch("w/", new WatchStart.FromSnapshot(), events)) {
            events.await("the snapshot", e -> !e.all().isEmpty());
        }
        assertThat(events.all().getFirst()).isEqualTo(new WatchEvent.Snapshot(revision, List.of()));
    }

    @Test
    default void aSnapshotIsFollowedByEveryChangeOnceWhileWritersRun() throws Exception {
        int writers = 4;
        int each = 60;
        Map<Long, ByteString> written = new TreeMap<>();
        RecordedEvents events = new RecordedEvents();
        AtomicReference<Watch> watch = new AtomicReference<>();
        inParallel(writers + 1, thread -> {
            if (thread == writers) {
                Await.until("some writes", PROMPT, () -> {
                    synchronized (written) {
                        return written.size() > writers * each / 4;
                    }
                });
                watch.set(store().watch("w/", new WatchStart.FromSnapshot(), events));
                return;
            }
            for (int i = 0; i < each; i++) {
                ByteString value = ByteString.copyFromUtf8(thread + ":" + i);
                long revision = put("w/" + thread + "/" + i % 7, value);
                synchronized (written) {
                    written.put(revision, value);
                }
            }
        });
        long last = put("w/last", ONE);
        written.put(last, ONE);
        events.awaitRevision(last);
        watch.get().close();

        events.assertWellFormed();
        assertThat(events.snapshots()).hasSize(1);
        long snapshot = events.snapshots().getFirst().revision();
        Map<Long, ByteString> told = new TreeMap<>();
        for (WatchEvent.Changes changes : events.changes()) {
            Mutation.Updated updated = (Mutation.Updated) changes.mutations().getFirst();
            told.put(changes.revision(), updated.entry().value());
        }
        written.keySet().removeIf(revision -> revision <= snapshot);
        assertThat(told).isEqualTo(written);
        assertThat(events.state()).isEqualTo(state("w/"));
    }

    @Test
    default void anIdleWatchIsToldOfProgressAndResumesFromIt() {
        long start = store().revision();
        RecordedEvents events = new RecordedEvents();
        long other = put("other", ONE);
        try (Watch _ = store().watch("w/", after(start), events)) {
            events.await("progress", e -> e.lastRevision() >= other);
        }
        assertThat(events.changes()).isEmpty();
        assertThat(events.all().getLast()).isInstanceOf(WatchEvent.Progress.class);

        long change = put("w/a", ONE);
        RecordedEvents resumed = new RecordedEvents();
        try (Watch _ = store().watch("w/", after(events.lastRevision()), resumed)) {
            resumed.awaitRevision(change);
        }
        assertThat(resumed.changes()).extracting(WatchEvent.Changes::revision).containsExactly(change);
    }

    @Test
    default void aListenerThatFailsIsToldAgain() {
        RecordedEvents events = new RecordedEvents();
        AtomicInteger failures = new AtomicInteger(2);
        long start = store().revision();
        WatchListener failing = event -> {
            if (event instanceof WatchEvent.Changes && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("expected by the test");
            }
            events.on(event);
        };
        try (Watch _ = store().watch("w/", after(start), failing)) {
            put("w/a", ONE);
            long second = put("w/b", ONE);
            events.awaitRevision(second);
        }
        events.assertWellFormed();
        assertThat(events.changes()).hasSize(2);
    }

    @Test
    default void aClosedWatchIsSilent() {
        RecordedEvents closed = new RecordedEvents();
        RecordedEvents open = new RecordedEvents();
        long start = store().revision();
        Watch watch = store().watch("w/", after(start), closed);
        try (Watch _ = store().watch("w/", after(start), open)) {
            long first = put("w/a", ONE);
            closed.awaitRevision(first);
            watch.close();
            int told = closed.all().size();
            long second = put("w/b", ONE);
            open.awaitRevision(second);
            assertThat(closed.all()).hasSize(told);
        }
    }

    @Test
    default void aListenerMayCloseItsWatch() throws Exception {
        AtomicReference<Watch> watch = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        long start = store().revision();
        watch.set(store().watch("w/", after(start), event -> {
            calls.incrementAndGet();
            awaitLatch(started);
            watch.get().close();
            closed.countDown();
        }));
        started.countDown();
        put("w/a", ONE);
        assertThat(closed.await(PROMPT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        put("w/b", ONE);
        watch.get().close();
        assertThat(calls).hasValue(1);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
