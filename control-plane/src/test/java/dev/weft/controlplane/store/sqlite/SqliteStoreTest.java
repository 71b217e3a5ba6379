package dev.weft.controlplane.store.sqlite;

import static dev.weft.controlplane.store.StoreFixture.after;
import static dev.weft.controlplane.store.StoreFixture.assertFails;
import static dev.weft.controlplane.store.StoreFixture.bytes;
import static dev.weft.controlplane.store.StoreFixture.committed;
import static dev.weft.controlplane.store.StoreFixture.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlplane.store.Entry;
import dev.weft.controlplane.store.RecordedEvents;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.StoreFixture;
import dev.weft.controlplane.store.TimeToLive;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import dev.weft.controlplane.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is SQLite's own: files, processes, restarts, limits of the disk. */
@Timeout(60)
final class SqliteStoreTest implements StoreFixture {

    private static final Duration AT_MOST = Duration.ofSeconds(20);

    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private SqliteStoreConfig config;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @BeforeEach
    void open() {
        config = SqliteStoreConfig.in(temporary.resolve("deep/state"));
        store = SqliteStore.open(config);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void reopen(SqliteStoreConfig other) {
        store.close();
        store = SqliteStore.open(other);
    }

    @Override
    public Store store() {
        return store;
    }

    @Test
    void aRestartKeepsRevisionsHistoryAndTimesToLive() {
        long first = put("a", ONE);
        long second = put("a", TWO);
        TimeToLive timeToLive = store.grantTimeToLive(Duration.ofMillis(700));
        long tied = committed(
                store.commit(Transaction.builder().put("b", ONE, timeToLive).build()));
        reopen(config);

        assertThat(store.revision()).isEqualTo(tied);
        assertThat(store.get("a")).contains(new Entry("a", TWO, first, second));
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = store.watch("", after(first), events)) {
            events.await("the history and the end of b", e -> e.changes().size() == 3);
        }
        assertThat(events.changes().get(2).mutations())
                .containsExactly(new WatchEvent.Mutation.Removed("b", Optional.of(new Entry("b", ONE, tied, tied))));
        assertThat(put("c", ONE)).isEqualTo(tied + 2);
    }

    @Test
    void acknowledgedCommitsSurviveTheDeathOfTheProcess() throws Exception {
        Path directory = temporary.resolve("other");
        List<Long> acknowledged = new ArrayList<>();
        try (SqliteProcess process = SqliteProcess.start(List.of(), "write", directory.toString())) {
            while (acknowledged.size() < 300) {
                acknowledged.add(Long.valueOf(process.readLine().orElseThrow()));
            }
            process.kill();
            Optional<String> line = process.readLine();
            while (line.isPresent()) {
                acknowledged.add(Long.valueOf(line.get()));
                line = process.readLine();
            }
        }
        reopen(SqliteStoreConfig.in(directory));

        assertThat(store.revision()).isGreaterThanOrEqualTo(acknowledged.getLast());
        List<Entry> left = store.list("left/").entries();
        List<Entry> right = store.list("right/").entries();
        assertThat(left).extracting(Entry::modRevision).containsAll(acknowledged);
        assertThat(right)
                .extracting(Entry::value)
                .isEqualTo(left.stream().map(Entry::value).toList());
    }

    @Test
    void aSecondStoreOnTheSameFilesIsRefused() throws Exception {
        assertThatThrownBy(() -> SqliteStore.open(config))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining(
                        "in use by process " + ProcessHandle.current().pid());
        put("still", ONE);

        Path directory = temporary.resolve("other");
        try (SqliteProcess process = SqliteProcess.start(List.of(), "write", directory.toString())) {
            process.readLine();
            assertThatThrownBy(() -> SqliteStore.open(SqliteStoreConfig.in(directory)))
                    .hasMessageContaining("in use by process " + process.pid())
                    .hasMessageContaining("another state directory");
            process.kill();
            SqliteStore.open(SqliteStoreConfig.in(directory)).close();
        }
    }

    @Test
    void filesAreTheOwnersOnly() throws Exception {
        put("a", ONE);
        assertThat(mode(config.directory())).isEqualTo("rwx------");
        assertThat(mode(temporary.resolve("deep"))).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(config.directory())) {
            assertThat(files)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(file -> assertThat(mode(file)).as("%s", file).isEqualTo("rw-------"));
        }
    }

    private static String mode(Path path) throws java.io.IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void overTheQuotaNothingIsWrittenAndCompactionMakesRoom() {
        reopen(config.withQuotaBytes(1 << 20));
        put("small", ONE);
        put("large", bytes(700_000));
        long before = store.revision();

        assertFails(
                Kind.FULL,
                () -> store.commit(Transaction.builder()
                        .put("small", TWO)
                        .put("large", bytes(700_000))
                        .build()));

        assertThat(store.revision()).isEqualTo(before);
        assertThat(store.get("small").orElseThrow().value()).isEqualTo(ONE);
        put("small", TWO);
        store.compact(delete("large"));
        Await.until("room for another value", AT_MOST, () -> {
            try {
                return put("large", bytes(700_000)) > before;
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(Kind.FULL);
                return false;
            }
        });
    }

    @Test
    @Tag("kernel")
    void onAFullDiskNothingIsWritten() throws Exception {
        Path disk = Files.createDirectory(temporary.resolve("disk"));
        List<String> onSmallDisk = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=4m tmpfs \"$0\" && exec \"$@\"",
                disk.toString());
        try (SqliteProcess process =
                SqliteProcess.start(onSmallDisk, "fill", disk.resolve("state").toString())) {
            assertThat(process.readLine()).contains("FULL");
            assertThat(process.readLine().orElseThrow()).contains("nothing was written");
            assertThat(process.readLine()).contains("nothing else written");
            assertThat(process.readLine()).contains("nothing lost");
        }
        try (Stream<Path> files = Files.list(disk)) {
            assertThat(files).as("the disk was the other process's only").isEmpty();
        }
    }

    @Test
    void historyIsCompactedByItself() throws Exception {
        reopen(config.withKeepRevisions(20));
        long last = 0;
        for (int i = 0; i < 200; i++) {
            last = put("key/" + i % 3, number(i));
        }
        RecordedEvents late = new RecordedEvents();
        try (Watch _ = store.watch("", after(1), late)) {
            late.await("the end", e -> !e.all().isEmpty());
            assertThat(late.lastRevision()).isBetween(last - 25, last - 20);
        }
        RecordedEvents kept = new RecordedEvents();
        try (Watch _ = store.watch("", after(last - 20), kept)) {
            kept.awaitRevision(last);
        }
        assertThat(kept.changes()).hasSize(20);
        store.close();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + config.directory().resolve("weft.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM history")) {
            assertThat(rows.getInt(1)).isLessThan(35);
        }
    }

    @Test
    void aSlowListenerHoldsNobodyUpAndIsToldASnapshotWhenItFellBehind() {
        reopen(config.withKeepRevisions(10));
        RecordedEvents events = new RecordedEvents();
        CountDownLatch release = new CountDownLatch(1);
        try (Watch _ = store.watch("w/", new WatchStart.FromSnapshot(), event -> {
            events.on(event);
            if (event instanceof WatchEvent.Changes) {
                await(release);
            }
        })) {
            events.await("the snapshot", e -> !e.all().isEmpty());
            long last = 0;
            for (int i = 0; i < 100; i++) {
                last = put("w/" + i, number(i));
            }
            release.countDown();
            events.awaitRevision(last);
        }
        events.assertWellFormed();
        assertThat(events.snapshots()).hasSize(2);
        assertThat(events.state()).isEqualTo(state("w/"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void concurrentWritersShareTheDisk() throws Exception {
        int writers = 16;
        int each = 20;
        StoreFixture.inParallel(writers, thread -> {
            for (int i = 0; i < each; i++) {
                put("w/" + thread + "/" + i, number(i));
            }
        });
        List<Long> revisions =
                store.list("w/").entries().stream().map(Entry::modRevision).toList();
        assertThat(revisions).hasSize(writers * each).doesNotHaveDuplicates();
    }

    @Test
    void othersFilesAreLeftAlone() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("foreign"));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("weft.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE theirs (x)");
        }
        assertThatThrownBy(() -> SqliteStore.open(SqliteStoreConfig.in(directory)))
                .hasMessageContaining("another program's database");

        store.close();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + config.directory().resolve("weft.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(() -> SqliteStore.open(config)).hasMessageContaining("it has schema 99");
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> config.withKeepRevisions(0)).hasMessageContaining("keepRevisions");
        assertThatThrownBy(() -> config.withQuotaBytes(1)).hasMessageContaining("quotaBytes");
        assertThatThrownBy(() -> config.withProgressInterval(Duration.ofSeconds(-1)))
                .hasMessageContaining("progressInterval");
    }
}
