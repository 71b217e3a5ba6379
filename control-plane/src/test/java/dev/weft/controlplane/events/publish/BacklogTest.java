package dev.weft.controlplane.events.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig.Durability;
import dev.weft.controlplane.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class BacklogTest {

    private static final int WRITES = 100;
    private static final int FULL = Backlog.MAX_MUTATIONS / WRITES;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Store store;

    BacklogTest(@TempDir Path directory) throws IOException {
        store = SqliteStore.open(SqliteStoreConfig.in(directory).withDurability(Durability.PROCESS_DEATH));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void commit(int transactions) {
        for (int i = 0; i < transactions; i++) {
            Transaction.Builder transaction = Transaction.builder();
            for (int j = 0; j < WRITES; j++) {
                transaction.put("key" + j, ByteString.copyFromUtf8("v" + i));
            }
            store.commit(transaction.build());
        }
    }

    /** Takes up to a revision, or until there is something else than revisions. */
    private static Backlog.Next take(Backlog backlog, long upTo, List<Long> revisions) throws InterruptedException {
        while (true) {
            Backlog.Next next = backlog.take(500, PATIENCE);
            if (!(next instanceof Backlog.Next.Revisions(List<WatchEvent.Changes> changes))) {
                return next;
            }
            changes.forEach(change -> revisions.add(change.revision()));
            if (revisions.getLast() >= upTo) {
                return next;
            }
        }
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void aLongHistoryIsReadOnFromTheStoreWheneverTheBacklogWasFull() throws InterruptedException {
        long before = store.revision();
        commit(2 * FULL + 50);
        long newest = store.revision();
        List<Long> revisions = new ArrayList<>();
        try (Backlog backlog = Backlog.after(store, before)) {
            assertThat(take(backlog, newest, revisions)).isInstanceOf(Backlog.Next.Revisions.class);
        }
        assertThat(revisions).isEqualTo(range(before + 1, newest));
    }

    @Test
    void whoIsTooSlowForWhatIsNewIsToldAndMayResume() throws InterruptedException {
        long before = store.revision();
        List<Long> revisions = new ArrayList<>();
        try (Backlog backlog = Backlog.after(store, before)) {
            commit(FULL + 50);
            Await.until("a full backlog", PATIENCE, backlog::isFull);
            assertThat(take(backlog, Long.MAX_VALUE, revisions)).isInstanceOf(Backlog.Next.Full.class);
        }
        assertThat(revisions).isEqualTo(range(before + 1, before + FULL));
        try (Backlog backlog = Backlog.after(store, revisions.getLast())) {
            take(backlog, store.revision(), revisions);
        }
        assertThat(revisions).isEqualTo(range(before + 1, store.revision()));
    }

    @Test
    void historyThatIsNotKeptIsSaid() throws InterruptedException {
        commit(3);
        store.compact(store.revision());
        try (Backlog backlog = Backlog.after(store, 1)) {
            assertThat(backlog.take(1, PATIENCE)).isEqualTo(new Backlog.Next.Compacted(store.revision()));
        }
    }
}
