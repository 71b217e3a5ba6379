package dev.weft.controlplane.store;

import static dev.weft.controlplane.store.StoreFixture.after;
import static dev.weft.controlplane.store.StoreFixture.assertFails;
import static dev.weft.controlplane.store.StoreFixture.bytes;
import static dev.weft.controlplane.store.StoreFixture.committed;
import static dev.weft.controlplane.store.StoreFixture.inParallel;
import static dev.weft.controlplane.store.StoreFixture.number;
import static dev.weft.controlplane.store.StoreFixture.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.CommitResult.Committed;
import dev.weft.controlplane.store.CommitResult.Conflict;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Transactions and reads. */
interface TransactionContract extends StoreFixture {

    @Test
    default void aKeyRemembersWhenItWasCreatedAndLastWritten() {
        assertThat(store().get("a")).isEmpty();

        long created = put("a", ONE);
        assertThat(store().get("a")).contains(new Entry("a", ONE, created, created));

        long updated = put("a", TWO);
        assertThat(updated).isGreaterThan(created);
        assertThat(store().get("a")).contains(new Entry("a", TWO, created, updated));

        delete("a");
        assertThat(store().get("a")).isEmpty();

        long again = put("a", ONE);
        assertThat(store().get("a")).contains(new Entry("a", ONE, again, again));
    }

    @Test
    default void valuesAreAnyBytesAndMayBeEmpty() {
        ByteString binary = ByteString.copyFrom(new byte[] {0, (byte) 0xff, (byte) 0x80, 0});
        long revision = put("binary", binary);
        long empty = put("empty", ByteString.EMPTY);

        assertThat(store().get("binary")).contains(new Entry("binary", binary, revision, revision));
        assertThat(store().get("empty")).contains(new Entry("empty", ByteString.EMPTY, empty, empty));

        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store().watch("empty", after(revision), events)) {
            delete("empty");
            events.await("both changes", e -> e.changes().size() == 2);
        }
        assertThat(events.changes().getFirst().mutations())
                .containsExactly(updated(new Entry("empty", ByteString.EMPTY, empty, empty), Optional.empty()));
    }

    @Test
    default void eachKindOfCompareHoldsOrNot() {
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
        return store().commit(
                        Transaction.builder().when(compare).put("probe", ONE).build());
    }

    @Test
    default void aTransactionWritesAllOrNothing() {
        put("a", ONE);
        long before = store().revision();

        CommitResult result = store().commit(Transaction.builder()
                .when(new Compare.Exists("a"))
                .whenAbsent("a")
                .put("b", ONE)
                .delete("a")
                .put("c", ONE)
                .build());

        assertThat(result).isEqualTo(new Conflict());
        assertThat(store().revision()).isEqualTo(before);
        assertThat(store().list("").entries()).extracting(Entry::key).containsExactly("a");
    }

    @Test
    default void aTransactionsWritesShareOneRevision() {
        put("a", ONE);
        Entry a = store().get("a").orElseThrow();

        long revision = committed(store().commit(Transaction.builder()
                .whenUnchanged(a)
                .whenAbsent("b")
                .put("b", TWO)
                .delete("a")
                .put("c", TWO)
                .build()));

        assertThat(store().list("").entries())
                .containsExactly(new Entry("b", TWO, revision, revision), new Entry("c", TWO, revision, revision));
        assertThat(store().revision()).isEqualTo(revision);
    }

    @Test
    default void aTransactionThatChangesNothingTakesNoRevision() {
        long revision = put("a", ONE);

        assertThat(store().commit(Transaction.builder().build())).isEqualTo(new Committed(revision));
        assertThat(store().commit(Transaction.builder().delete("missing").build()))
                .isEqualTo(new Committed(revision));
        assertThat(store().revision()).isEqualTo(revision);
    }

    @Test
    default void aTransactionOfDefectiveShapeIsRefused() {
        assertThatThrownBy(() -> Transaction.builder().put("a", ONE).delete("a").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key a twice");
        assertThatThrownBy(() -> new Compare.ModifiedAt("a", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> put("", ONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void aListingHasAllKeysOfThePrefixInByteOrder() {
        // U+FFFD sorts before U+1F600 by code point and UTF-8, after it by UTF-16.
        List<String> inOrder = List.of("a/", "a/1", "a/10", "a/2", "a/\u00e9", "a/\ufffd", "a/\ud83d\ude00");
        for (String key :
                List.of("a/2", "a/\ud83d\ude00", "a0", "a", "a/10", "b/1", "a/\ufffd", "a/1", "a/", "a/\u00e9")) {
            put(key, ONE);
        }

        Listing listing = store().list("a/");

        assertThat(listing.entries()).extracting(Entry::key).containsExactlyElementsOf(inOrder);
        assertThat(listing.revision()).isEqualTo(store().revision());
        assertThat(store().list("a").entries())
                .extracting(Entry::key)
                .contains("a", "a0", "a/1")
                .doesNotContain("b/1");
        assertThat(store().list("nothing/").entries()).isEmpty();
        assertThat(store().list("").entries()).hasSize(10);
    }

    @Test
    default void aListingIsOfOneRevision() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = executor.submit(() -> {
                for (int i = 0; stop.getCount() > 0; i++) {
                    ByteString value = ByteString.copyFromUtf8(Integer.toString(i));
                    store().commit(Transaction.builder()
                            .put("pair/left", value)
                            .put("pair/right", value)
                            .build());
                }
            });
            try {
                for (int i = 0; i < 50; i++) {
                    List<Entry> pair = store().list("pair/").entries();
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
    default void theLimitsAreAllowedAndNoMore() {
        ByteString largest = bytes(Store.MAX_VALUE_BYTES);
        put("large", largest);
        assertThat(store().get("large").orElseThrow().value()).isEqualTo(largest);
        put("k".repeat(Store.MAX_KEY_BYTES), ONE);
        Transaction.Builder most = Transaction.builder();
        for (int i = 0; i < Store.MAX_TRANSACTION_OPERATIONS; i++) {
            most.whenAbsent("most/" + i).put("most/" + i, ONE);
        }
        committed(store().commit(most.build()));
        long before = store().revision();

        assertFails(Kind.TOO_LARGE, () -> put("larger", bytes(Store.MAX_VALUE_BYTES + 1)));
        assertFails(Kind.TOO_LARGE, () -> put("k".repeat(Store.MAX_KEY_BYTES + 1), ONE));
        assertFails(
                Kind.TOO_LARGE, () -> store().commit(most.put("one/more", ONE).build()));
        Transaction.Builder compares = Transaction.builder().put("larger", ONE);
        for (int i = 0; i <= Store.MAX_TRANSACTION_OPERATIONS; i++) {
            compares.whenAbsent("absent/" + i);
        }
        assertFails(Kind.TOO_LARGE, () -> store().commit(compares.build()));
        int half = Store.MAX_TRANSACTION_BYTES / 2;
        committed(store().commit(Transaction.builder()
                .put("a", bytes(half - 1))
                .put("b", bytes(half - 1))
                .build()));
        assertFails(
                Kind.TOO_LARGE,
                () -> store().commit(Transaction.builder()
                        .put("c", bytes(half))
                        .put("d", bytes(half))
                        .build()));
        assertThat(store().get("larger")).isEmpty();
        assertThat(store().get("c")).isEmpty();
        assertThat(store().revision()).isGreaterThan(before);
    }

    @Test
    default void concurrentIncrementsAreAllCountedAndToldOnce() throws Exception {
        int threads = 8;
        int each = 25;
        put("counter", number(0));
        long start = store().revision();
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store().watch("counter", after(start), events)) {
            inParallel(threads, _ -> {
                for (int i = 0; i < each; i++) {
                    increment("counter");
                }
            });
            events.await("all increments", e -> e.changes().size() >= threads * each);
        }
        assertThat(number(store().get("counter").orElseThrow().value())).isEqualTo(threads * each);
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
            Entry entry = store().get(key).orElseThrow();
            result = store().commit(Transaction.builder()
                    .whenUnchanged(entry)
                    .put(key, number(number(entry.value()) + 1))
                    .build());
        }
    }
}
