package dev.weft.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.CommitResult.Committed;
import dev.weft.controlplane.store.CommitResult.Conflict;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import dev.weft.controlplane.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises. A subclass says how an empty one is opened. */
@Timeout(90)
public abstract class StoreContractTest {

    private static final ByteString ONE = ByteString.copyFromUtf8("one");
    private static final ByteString TWO = ByteString.copyFromUtf8("two");
    private static final Duration PROMPT = Duration.ofSeconds(20);

    protected Store store;

    /** An empty store, or an empty part of one. Progress must be told within a few seconds. */
    protected abstract Store openEmpty() throws Exception;

    @BeforeEach
    void open() throws Exception {
        store = openEmpty();
    }

    @AfterEach
    void close() {
        store.close();
    }

    // Transactions and reads

    @Test
    void aKeyRemembersWhenItWasCreatedAndLastWritten() {
        assertThat(store.get("a")).isEmpty();

        long created = put("a", ONE);
        assertThat(store.get("a")).contains(new Entry("a", ONE, created, created));

        long updated = put("a", TWO);
        assertThat(updated).isGreaterThan(created);
        assertThat(store.get("a")).contains(new Entry("a", TWO, created, updated));

        delete("a");
        assertThat(store.get("a")).isEmpty();

        long again = put("a", ONE);
        assertThat(store.get("a")).contains(new Entry("a", ONE, again, again));
    }

    @Test
    void valuesAreAnyBytesAndMayBeEmpty() {
        ByteString binary = ByteString.copyFrom(new byte[] {0, (byte) 0xff, (byte) 0x80, 0});
        long revision = put("binary", binary);
        long empty = put("empty", ByteString.EMPTY);

        assertThat(store.get("binary")).contains(new Entry("binary", binary, revision, revision));
        assertThat(store.get("empty")).contains(new Entry("empty", ByteString.EMPTY, empty, empty));

        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("empty", after(revision), events)) {
            delete("empty");
            events.await("both changes", e -> e.changes().size() == 2);
        }
        assertThat(events.changes().getFirst().mutations())
                .containsExactly(updated(new Entry("empty", ByteString.EMPTY, empty, empty), Optional.empty()));
    }

    @Test
    void eachKindOfCompareHoldsOrNot() {
        long first = put("there", ONE);

        assertCommits(new Compare.Absent("missing"));
        assertConflicts(new Compare.Absent("there"));
        assertCommits(new Compare.Exists("there"));
        assertConflicts(new Compare.Exists("missing"));
        assertCommits(new Compare.ModifiedAt("there", first));
        assertConflicts(new Compare.ModifiedAt("missing", first));

        long second = put("there", TWO);
        assertConflicts(new Compare.ModifiedAt("there", first));
        assertCommits(new Compare.ModifiedAt("there", second));

        delete("there");
        assertConflicts(new Compare.ModifiedAt("there", second));
        assertCommits(new Compare.Absent("there"));
    }

    private void assertCommits(Compare compare) {
        assertThat(probe(compare)).as("%s", compare).isInstanceOf(Committed.class);
    }

    private void assertConflicts(Compare compare) {
        assertThat(probe(compare)).as("%s", compare).isInstanceOf(Conflict.class);
    }

    private CommitResult probe(Compare compare) {
        return store.commit(
                Transaction.builder().when(compare).put("probe", ONE).build());
    }

    @Test
    void aTransactionWritesAllOrNothing() {
        put("a", ONE);
        long before = store.revision();

        CommitResult result = store.commit(Transaction.builder()
                .when(new Compare.Exists("a"))
                .whenAbsent("a")
                .put("b", ONE)
                .delete("a")
                .put("c", ONE)
                .build());

        assertThat(result).isEqualTo(new Conflict());
        assertThat(store.revision()).isEqualTo(before);
        assertThat(store.list("").entries()).extracting(Entry::key).containsExactly("a");
    }

    @Test
    void aTransactionsWritesShareOneRevision() {
        put("a", ONE);
        Entry a = store.get("a").orElseThrow();

        long revision = committed(store.commit(Transaction.builder()
                .whenUnchanged(a)
                .whenAbsent("b")
                .put("b", TWO)
                .delete("a")
                .put("c", TWO)
                .build()));

        assertThat(store.list("").entries())
                .containsExactly(new Entry("b", TWO, revision, revision), new Entry("c", TWO, revision, revision));
        assertThat(store.revision()).isEqualTo(revision);
    }

    @Test
    void aTransactionThatChangesNothingTakesNoRevision() {
        long revision = put("a", ONE);

        assertThat(store.commit(Transaction.builder().build())).isEqualTo(new Committed(revision));
        assertThat(store.commit(Transaction.builder().delete("missing").build()))
                .isEqualTo(new Committed(revision));
        assertThat(store.revision()).isEqualTo(revision);
    }

    @Test
    void aTransactionOfDefectiveShapeIsRefused() {
        assertThatThrownBy(() -> Transaction.builder().put("a", ONE).delete("a").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key a twice");
        assertThatThrownBy(() -> new Compare.ModifiedAt("a", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> put("", ONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aListingHasAllKeysOfThePrefixInByteOrder() {
        // U+FFFD sorts before U+1F600 by code point and UTF-8, after it by UTF-16.
        List<String> inOrder = List.of("a/", "a/1", "a/10", "a/2", "a/\u00e9", "a/\ufffd", "a/\ud83d\ude00");
        for (String key :
                List.of("a/2", "a/\ud83d\ude00", "a0", "a", "a/10", "b/1", "a/\ufffd", "a/1", "a/", "a/\u00e9")) {
            put(key, ONE);
        }

        Listing listing = store.list("a/");

        assertThat(listing.entries()).extracting(Entry::key).containsExactlyElementsOf(inOrder);
        assertThat(listing.revision()).isEqualTo(store.revision());
        assertThat(store.list("a").entries())
                .extracting(Entry::key)
                .contains("a", "a0", "a/1")
                .doesNotContain("b/1");
        assertThat(store.list("nothing/").entries()).isEmpty();
        assertThat(store.list("").entries()).hasSize(10);
    }

    @Test
    void aListingIsOfOneRevision() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = executor.submit(() -> {
                for (int i = 0; stop.getCount() > 0; i++) {
                    ByteString value = ByteString.copyFromUtf8(Integer.toString(i));
                    store.commit(Transaction.builder()
                            .put("pair/left", value)
                            .put("pair/right", value)
                            .build());
                }
            });
            try {
                for (int i = 0; i < 50; i++) {
                    List<Entry> pair = store.list("pair/").entries();
                    if (!pair.isEmpty()) {
                        assertThat(pair).hasSize(2);
                        assertThat(pair.getFirst().value())
                                .isEqualTo(pair.getLast().value());
                    }
                }
            } finally {
                stop.countDown();
            }
            writer.get();
        }
    }

    @Test
    void theLimitsAreAllowedAndNoMore() {
        ByteString largest = bytes(Store.MAX_VALUE_BYTES);
        put("large", largest);
        assertThat(store.get("large").orElseThrow().value()).isEqualTo(largest);
        put("k".repeat(Store.MAX_KEY_BYTES), ONE);
        Transaction.Builder most = Transaction.builder();
        for (int i = 0; i < Store.MAX_TRANSACTION_OPERATIONS; i++) {
            most.whenAbsent("most/" + i).put("most/" + i, ONE);
        }
        committed(store.commit(most.build()));
        long before = store.revision();

        assertFails(Kind.TOO_LARGE, () -> put("larger", bytes(Store.MAX_VALUE_BYTES + 1)));
        assertFails(Kind.TOO_LARGE, () -> put("k".repeat(Store.MAX_KEY_BYTES + 1), ONE));
        assertFails(Kind.TOO_LARGE, () -> store.commit(most.put("one/more", ONE).build()));
        Transaction.Builder compares = Transaction.builder().put("larger", ONE);
        for (int i = 0; i <= Store.MAX_TRANSACTION_OPERATIONS; i++) {
            compares.whenAbsent("absent/" + i);
        }
        assertFails(Kind.TOO_LARGE, () -> store.commit(compares.build()));
        int half = Store.MAX_TRANSACTION_BYTES / 2;
        committed(store.commit(Transaction.builder()
                .put("a", bytes(half - 1))
                .put("b", bytes(half - 1))
                .build()));
        assertFails(
                Kind.TOO_LARGE,
                () -> store.commit(Transaction.builder()
                        .put("c", bytes(half))
                        .put("d", bytes(half))
                        .build()));
        assertThat(store.get("larger")).isEmpty();
        assertThat(store.get("c")).isEmpty();
        assertThat(store.revision()).isGreaterThan(before);
    }

    @Test
    void concurrentIncrementsAreAllCountedAndToldOnce() throws Exception {
        int threads = 8;
        int each = 25;
        put("counter", number(0));
        long start = store.revision();
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("counter", after(start), events)) {
            inParallel(threads, _ -> {
                for (int i = 0; i < each; i++) {
                    increment("counter");
                }
            });
            events.await("all increments", e -> e.changes().size() >= threads * each);
        }
        assertThat(number(store.get("counter").orElseThrow().value())).isEqualTo(threads * each);
        events.assertWellFormed();
        assertThat(events.changes()).hasSize(threads * each);
        int expected = 0;
        for (WatchEvent.Changes changes : events.changes()) {
            Mutation.Updated updated = (Mutation.Updated) changes.mutations().getFirst();
            assertThat(number(updated.entry().value())).isEqualTo(++expected);
        }
    }

    private void increment(String key) {
        CommitResult result = new Conflict();
        while (result instanceof Conflict) {
            Entry entry = store.get(key).orElseThrow();
            result = store.commit(Transaction.builder()
                    .whenUnchanged(entry)
                    .put(key, number(number(entry.value()) + 1))
                    .build());
        }
    }

    // Watches

    @Test
    void aWatchTellsWhatChangedAndWhatWasThere() {
        long before = store.revision();
        long created = put("w/a", ONE);
        put("other", ONE);
        long updated = put("w/a", TWO);
        long both = committed(store.commit(Transaction.builder()
                .put("w/b", ONE)
                .delete("w/a")
                .put("w0", ONE)
                .build()));

        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("w/", after(before), events)) {
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
    void aWatchResumesInTheMiddle() {
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            revisions.add(put("w/" + i, number(i)));
        }
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("w/", after(revisions.get(4)), events)) {
            events.await("the old changes", e -> e.changes().size() == 5);
            revisions.add(put("w/new", ONE));
            events.await("the new change", e -> e.changes().size() == 6);
        }
        assertThat(events.changes())
                .extracting(WatchEvent.Changes::revision)
                .containsExactlyElementsOf(revisions.subList(5, 11));
    }

    @Test
    void aWatchOfAFutureRevisionWaitsForIt() {
        long now = put("w/a", ONE);
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("w/", after(now + 2), events)) {
            put("w/b", ONE);
            put("w/c", ONE);
            long third = put("w/d", ONE);
            events.await("the change after it", e -> !e.changes().isEmpty());
            assertThat(events.changes().getFirst().revision()).isEqualTo(third);
        }
    }

    @Test
    void aSnapshotIsTheFirstEventEvenIfEmpty() {
        long revision = put("other", ONE);
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("w/", new WatchStart.FromSnapshot(), events)) {
            events.await("the snapshot", e -> !e.all().isEmpty());
        }
        assertThat(events.all().getFirst()).isEqualTo(new WatchEvent.Snapshot(revision, List.of()));
    }

    @Test
    void aSnapshotIsFollowedByEveryChangeOnceWhileWritersRun() throws Exception {
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
                watch.set(store.watch("w/", new WatchStart.FromSnapshot(), events));
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
    void anIdleWatchIsToldOfProgressAndResumesFromIt() {
        long start = store.revision();
        RecordedEvents events = new RecordedEvents();
        long other = put("other", ONE);
        try (Watch _ = store.watch("w/", after(start), events)) {
            events.await("progress", e -> e.lastRevision() >= other);
        }
        assertThat(events.changes()).isEmpty();
        assertThat(events.all().getLast()).isInstanceOf(WatchEvent.Progress.class);

        long change = put("w/a", ONE);
        RecordedEvents resumed = new RecordedEvents();
        try (Watch _ = store.watch("w/", after(events.lastRevision()), resumed)) {
            resumed.awaitRevision(change);
        }
        assertThat(resumed.changes()).extracting(WatchEvent.Changes::revision).containsExactly(change);
    }

    @Test
    void aListenerThatFailsIsToldAgain() {
        RecordedEvents events = new RecordedEvents();
        AtomicInteger failures = new AtomicInteger(2);
        long start = store.revision();
        WatchListener failing = event -> {
            if (event instanceof WatchEvent.Changes && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("expected by the test");
            }
            events.on(event);
        };
        try (Watch _ = store.watch("w/", after(start), failing)) {
            put("w/a", ONE);
            long second = put("w/b", ONE);
            events.awaitRevision(second);
        }
        events.assertWellFormed();
        assertThat(events.changes()).hasSize(2);
    }

    @Test
    void aClosedWatchIsSilent() {
        RecordedEvents closed = new RecordedEvents();
        RecordedEvents open = new RecordedEvents();
        long start = store.revision();
        Watch watch = store.watch("w/", after(start), closed);
        try (Watch _ = store.watch("w/", after(start), open)) {
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
    void aListenerMayCloseItsWatch() throws Exception {
        AtomicReference<Watch> watch = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        long start = store.revision();
        watch.set(store.watch("w/", after(start), event -> {
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

    // Compaction

    @Test
    void compactionForgetsHistoryButNoCurrentValue() {
        long first = put("w/a", ONE);
        long second = put("w/a", TWO);
        long removed = delete("w/a");
        long kept = put("w/b", ONE);
        store.compact(kept);
        store.compact(kept);
        store.compact(second);

        assertThat(store.get("w/b")).contains(new Entry("w/b", ONE, kept, kept));
        assertThat(store.list("w/").entries()).extracting(Entry::key).containsExactly("w/b");
        for (long old : new long[] {first - 1, first, second, removed}) {
            RecordedEvents events = new RecordedEvents();
            try (Watch _ = store.watch("w/", after(old), events)) {
                events.await("the end of a watch after " + old, e -> !e.all().isEmpty());
                assertThat(events.all()).containsExactly(new WatchEvent.Compacted(kept));
            }
        }
        long last = put("w/b", TWO);
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("w/", after(kept), events)) {
            events.awaitRevision(last);
        }
        assertThat(events.changes())
                .containsExactly(new WatchEvent.Changes(
                        last,
                        List.of(updated(
                                new Entry("w/b", TWO, kept, last), Optional.of(new Entry("w/b", ONE, kept, kept))))));
    }

    @Test
    void aRemovalAtTheBorderOfCompactionIsNotLost() {
        put("w/a", ONE);
        long removed = delete("w/a");
        store.compact(removed);

        RecordedEvents before = new RecordedEvents();
        RecordedEvents after = new RecordedEvents();
        try (Watch _ = store.watch("w/", after(removed - 1), before);
                Watch _ = store.watch("w/", after(removed), after)) {
            before.await("the end of the watch", e -> !e.all().isEmpty());
            long next = put("w/b", ONE);
            after.awaitRevision(next);
        }
        assertThat(before.all()).containsExactly(new WatchEvent.Compacted(removed));
        assertThat(after.changes()).hasSize(1);
    }

    @Test
    void aWatchFromASnapshotIsNotDisturbedByCompaction() {
        put("w/a", ONE);
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("w/", new WatchStart.FromSnapshot(), events)) {
            for (int i = 0; i < 20; i++) {
                store.compact(put("w/" + i, number(i)));
            }
            events.awaitRevision(store.revision());
        }
        events.assertWellFormed();
        assertThat(events.state()).isEqualTo(state("w/"));

        RecordedEvents late = new RecordedEvents();
        try (Watch _ = store.watch("w/", new WatchStart.FromSnapshot(), late)) {
            late.await("the snapshot", e -> !e.snapshots().isEmpty());
        }
        assertThat(late.state()).isEqualTo(state("w/"));
    }

    @Test
    void theFutureCannotBeCompacted() {
        long revision = put("a", ONE);
        assertThatThrownBy(() -> store.compact(revision + 1000)).isInstanceOf(IllegalArgumentException.class);
    }

    // Times to live

    @Test
    void keysVanishTogetherWhenTheirTimeToLiveEnds() {
        long start = store.revision();
        TimeToLive timeToLive = store.grantTimeToLive(Duration.ofMillis(300));
        put("w/stays", ONE);
        long tied = committed(store.commit(Transaction.builder()
                .put("w/a", ONE, timeToLive)
                .put("w/b", ONE, timeToLive)
                .build()));
        committed(store.commit(
                Transaction.builder().put("w/freed", ONE, timeToLive).build()));
        long freed = put("w/freed", TWO);

        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("w/", after(freed), events)) {
            events.await("the keys' removal", e -> !e.changes().isEmpty());
        }
        assertThat(events.changes()).hasSize(1);
        assertThat(events.changes().getFirst().mutations())
                .containsExactly(
                        new Mutation.Removed("w/a", Optional.of(new Entry("w/a", ONE, tied, tied))),
                        new Mutation.Removed("w/b", Optional.of(new Entry("w/b", ONE, tied, tied))));
        assertThat(state("w/").keySet()).containsExactly("w/freed", "w/stays");
        assertThat(store.renew(timeToLive)).isFalse();
        assertThat(start).isLessThan(tied);
        assertFails(
                Kind.EXPIRED,
                () -> store.commit(Transaction.builder()
                        .put("w/late", ONE)
                        .put("w/later", ONE, timeToLive)
                        .build()));
        assertThat(store.get("w/late")).isEmpty();
    }

    @Test
    void aRenewedTimeToLiveKeepsItsKeys() {
        TimeToLive renewed = store.grantTimeToLive(Duration.ofSeconds(2));
        TimeToLive left = store.grantTimeToLive(renewed.duration());
        committed(store.commit(Transaction.builder()
                .put("w/renewed", ONE, renewed)
                .put("w/left", ONE, left)
                .build()));
        Await.until("the other key's end", PROMPT.plus(left.duration()), () -> {
            assertThat(store.renew(renewed)).isTrue();
            return store.get("w/left").isEmpty();
        });
        assertThat(store.get("w/renewed")).isPresent();
    }

    @Test
    void aRevokedTimeToLiveTakesItsKeysAtOnce() {
        TimeToLive timeToLive = store.grantTimeToLive(Duration.ofHours(1));
        assertThat(timeToLive.duration()).isGreaterThanOrEqualTo(Duration.ofHours(1));
        committed(store.commit(Transaction.builder().put("w/a", ONE, timeToLive).build()));

        store.revoke(timeToLive);
        store.revoke(timeToLive);

        assertThat(store.get("w/a")).isEmpty();
        assertThat(store.renew(timeToLive)).isFalse();
        assertThatThrownBy(() -> store.grantTimeToLive(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    // The end

    @Test
    void aClosedStoreSaysSo() {
        TimeToLive timeToLive = store.grantTimeToLive(Duration.ofHours(1));
        long revision = put("a", ONE);
        RecordedEvents events = new RecordedEvents();
        Watch watch = store.watch("", new WatchStart.FromSnapshot(), events);
        events.await("the snapshot", e -> !e.all().isEmpty());
        store.close();
        store.close();

        assertFails(Kind.CLOSED, () -> store.get("a"));
        assertFails(Kind.CLOSED, () -> store.list(""));
        assertFails(Kind.CLOSED, () -> put("a", TWO));
        assertFails(Kind.CLOSED, () -> store.revision());
        assertFails(Kind.CLOSED, () -> store.compact(revision));
        assertFails(Kind.CLOSED, () -> store.watch("", new WatchStart.FromSnapshot(), events));
        assertFails(Kind.CLOSED, () -> store.grantTimeToLive(Duration.ofHours(1)));
        assertFails(Kind.CLOSED, () -> store.renew(timeToLive));
        assertFails(Kind.CLOSED, () -> store.revoke(timeToLive));
        watch.close();
    }

    // Against a model

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomOperationsDoWhatTheModelDoes(long seed) {
        new RandomOperations(store, seed).run(250);
    }

    // Helpers

    protected final long put(String key, ByteString value) {
        return committed(store.commit(Transaction.builder().put(key, value).build()));
    }

    protected final long delete(String key) {
        return committed(store.commit(Transaction.builder().delete(key).build()));
    }

    protected static long committed(CommitResult result) {
        return switch (result) {
            case Committed committed -> committed.revision();
            case Conflict _ -> throw new AssertionError("a transaction without compares cannot conflict");
        };
    }

    protected static WatchStart after(long revision) {
        return new WatchStart.After(revision);
    }

    protected static Mutation updated(Entry entry, Optional<Entry> previous) {
        return new Mutation.Updated(entry, previous);
    }

    protected final Map<String, ByteString> state(String prefix) {
        Map<String, ByteString> state = new TreeMap<>();
        store.list(prefix).entries().forEach(entry -> state.put(entry.key(), entry.value()));
        return state;
    }

    protected static void assertFails(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).as("%s", e).isEqualTo(kind));
    }

    protected static ByteString number(int value) {
        return ByteString.copyFromUtf8(Integer.toString(value));
    }

    protected static int number(ByteString value) {
        return Integer.parseInt(value.toStringUtf8());
    }

    private static ByteString bytes(int size) {
        return ByteString.copyFrom(new byte[size]);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A part of a test that runs beside others. */
    @FunctionalInterface
    protected interface Part {
        void run(int thread) throws Exception;
    }

    protected static void inParallel(int threads, Part part) throws InterruptedException, ExecutionException {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                running.add(executor.submit(() -> {
                    part.run(thread);
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        }
    }
}
