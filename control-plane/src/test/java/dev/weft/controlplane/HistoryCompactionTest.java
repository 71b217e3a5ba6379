package dev.weft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.leadership.Leadership;
import dev.weft.controlplane.store.CommitResult;
import dev.weft.controlplane.store.CompactionPolicy;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import dev.weft.controlplane.store.etcd.EtcdAddress;
import dev.weft.controlplane.store.etcd.EtcdStore;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.EtcdServer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The leader's compaction of a real etcd. */
class HistoryCompactionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void historyThatWasPublishedGoesAndWhatWasNotStaysUpToTheBound() throws Exception {
        try (EtcdServer etcd = EtcdServer.start();
                Store store = EtcdStore.open(EtcdStoreConfig.of(
                        List.of(new EtcdAddress("127.0.0.1", etcd.clientPort())), EtcdStoreConfig.DEFAULT_PREFIX))) {
            long first = write(store);
            AtomicLong published = new AtomicLong();
            HistoryCompaction compaction = new HistoryCompaction(
                    store,
                    new CompactionPolicy(10, 1_000),
                    () -> OptionalLong.of(published.get()),
                    Duration.ofMillis(20));
            try (Leadership _ = Leadership.start(store, "one", Leadership.DEFAULT_TIME_TO_LIVE, List.of(compaction))) {
                long newest = first;
                for (int i = 0; i < 50; i++) {
                    newest = write(store);
                }
                assertThat(resume(store, first)).as("nothing was published yet").isInstanceOf(WatchEvent.Changes.class);
                published.set(newest);
                long told = newest;
                Await.until("history to go", PATIENCE, () -> resume(store, first) instanceof WatchEvent.Compacted);
                assertThat(resume(store, told - 10))
                        .as("the newest stay")
                        .isInstanceOfSatisfying(
                                WatchEvent.Changes.class,
                                changes -> assertThat(changes.revision()).isEqualTo(told - 9));
            }
        }
    }

    private static long write(Store store) {
        return switch (store.commit(Transaction.builder()
                .put("networks/x", ByteString.copyFromUtf8("x"))
                .build())) {
            case CommitResult.Committed(long revision) -> revision;
            case CommitResult.Conflict() -> throw new AssertionError("nothing was compared");
        };
    }

    /** What a watch that resumes after the revision is told first. */
    private static WatchEvent resume(Store store, long after) {
        CompletableFuture<WatchEvent> told = new CompletableFuture<>();
        try (Watch _ = store.watch("networks/", new WatchStart.After(after), told::complete)) {
            return told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
