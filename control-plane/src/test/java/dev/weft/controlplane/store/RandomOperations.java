package dev.weft.controlplane.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Random transactions on a few keys, done on a store and on a map beside it. Results, listings and watches must be the
 * map's. The seed makes a failure repeatable.
 */
final class RandomOperations {

    private static final List<String> KEYS = List.of("m/a", "m/a/1", "m/b", "m/b0", "m/c", "n/a", "n/b", "m0", "m/");

    private final Store store;
    private final long seed;
    private final Random random;
    private final Map<String, Entry> model = new TreeMap<>();
    private final List<WatchEvent.Changes> history = new ArrayList<>();
    private long staleRevision = 1;

    RandomOperations(Store store, long seed) {
        this.store = store;
        this.seed = seed;
        this.random = new Random(seed);
    }

    void run(int steps) {
        long start = store.revision();
        RecordedEvents live = new RecordedEvents();
        try (Watch _ = store.watch("m/", new WatchStart.After(start), live)) {
            for (int step = 0; step < steps; step++) {
                step(step);
            }
            long last = commitForSure();
            live.awaitRevision(last);
        }
        live.assertWellFormed();
        assertThat(live.changes()).as("seed %d, live watch", seed).isEqualTo(under("m/", start));
        for (int i = 0; i < 5; i++) {
            long from = history.get(random.nextInt(history.size() - 1)).revision();
            String prefix = i % 2 == 0 ? "m/" : "";
            RecordedEvents resumed = new RecordedEvents();
            try (Watch _ = store.watch(prefix, new WatchStart.After(from), resumed)) {
                resumed.awaitRevision(history.getLast().revision());
            }
            assertThat(resumed.changes()).as("seed %d, after %d", seed, from).isEqualTo(under(prefix, from));
        }
    }

    private void step(int step) {
        Transaction transaction = randomTransaction();
        String what = "seed " + seed + ", step " + step + ", " + transaction;
        switch (store.commit(transaction)) {
            case CommitResult.Conflict _ ->
                assertThat(transaction.compares()).as(what).anyMatch(compare -> !holds(compare));
            case CommitResult.Committed committed -> {
                assertThat(transaction.compares()).as(what).allMatch(this::holds);
                apply(transaction, committed.revision(), what);
            }
        }
        String key = anyKey();
        assertThat(store.get(key)).as(what).isEqualTo(Optional.ofNullable(model.get(key)));
        String prefix = List.of("", "m/", "m/a", "n", "none").get(random.nextInt(5));
        assertThat(store.list(prefix).entries())
                .as(what)
                .isEqualTo(model.values().stream()
                        .filter(entry -> entry.key().startsWith(prefix))
                        .toList());
    }

    private Transaction randomTransaction() {
        Transaction.Builder builder = Transaction.builder();
        for (int i = random.nextInt(3); i > 0; i--) {
            builder.when(randomCompare(anyKey()));
        }
        Map<String, Write> writes = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String key = anyKey();
            writes.put(
                    key,
                    random.nextInt(3) == 0
                            ? new Write.Delete(key)
                            : new Write.Put(key, ByteString.copyFromUtf8("v" + random.nextInt(1000))));
        }
        return new Transaction(builder.build().compares(), List.copyOf(writes.values()));
    }

    /** Mostly one that holds. */
    private Compare randomCompare(String key) {
        Entry entry = model.get(key);
        if (random.nextInt(5) == 0) {
            return switch (random.nextInt(3)) {
                case 0 -> new Compare.Absent(key);
                case 1 -> new Compare.Exists(key);
                default -> new Compare.ModifiedAt(key, staleRevision);
            };
        }
        if (entry == null) {
            return new Compare.Absent(key);
        }
        return random.nextBoolean() ? new Compare.Exists(key) : new Compare.ModifiedAt(key, entry.modRevision());
    }

    private boolean holds(Compare compare) {
        Optional<Entry> entry = Optional.ofNullable(model.get(compare.key()));
        return switch (compare) {
            case Compare.Absent _ -> entry.isEmpty();
            case Compare.Exists _ -> entry.isPresent();
            case Compare.ModifiedAt at ->
                entry.filter(e -> e.modRevision() == at.modRevision()).isPresent();
        };
    }

    private void apply(Transaction transaction, long revision, String what) {
        Map<String, Mutation> mutations = new TreeMap<>();
        for (Write write : transaction.writes()) {
            Optional<Entry> previous = Optional.ofNullable(model.get(write.key()));
            switch (write) {
                case Write.Put put -> {
                    long created = previous.map(Entry::createRevision).orElse(revision);
                    Entry entry = new Entry(put.key(), put.value(), created, revision);
                    model.put(put.key(), entry);
                    mutations.put(put.key(), new Mutation.Updated(entry, previous));
                }
                case Write.PutWithTimeToLive _ -> throw new AssertionError("not generated");
                case Write.Delete delete -> {
                    if (previous.isPresent()) {
                        model.remove(delete.key());
                        mutations.put(delete.key(), new Mutation.Removed(delete.key(), previous));
                    }
                }
            }
        }
        if (mutations.isEmpty()) {
            assertThat(store.revision()).as(what).isEqualTo(revision);
            return;
        }
        if (!history.isEmpty()) {
            assertThat(revision).as(what).isGreaterThan(history.getLast().revision());
            staleRevision = history.getLast().revision();
        }
        history.add(new WatchEvent.Changes(revision, List.copyOf(mutations.values())));
    }

    private long commitForSure() {
        Transaction transaction = Transaction.builder()
                .put("m/last", ByteString.copyFromUtf8("last"))
                .build();
        long revision = ((CommitResult.Committed) store.commit(transaction)).revision();
        apply(transaction, revision, "the last put");
        return revision;
    }

    private List<WatchEvent.Changes> under(String prefix, long after) {
        return history.stream()
                .filter(changes -> changes.revision() > after)
                .flatMap(changes -> {
                    List<Mutation> mutations = changes.mutations().stream()
                            .filter(mutation -> mutation.key().startsWith(prefix))
                            .toList();
                    return mutations.isEmpty()
                            ? Stream.empty()
                            : Stream.of(new WatchEvent.Changes(changes.revision(), mutations));
                })
                .toList();
    }

    private String anyKey() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }
}
