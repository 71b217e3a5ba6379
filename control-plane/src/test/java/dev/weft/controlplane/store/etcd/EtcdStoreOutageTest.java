package dev.weft.controlplane.store.etcd;

import static dev.weft.controlplane.store.StoreFixture.after;
import static dev.weft.controlplane.store.StoreFixture.assertFails;
import static dev.weft.controlplane.store.StoreFixture.bytes;
import static dev.weft.controlplane.store.StoreFixture.committed;
import static dev.weft.controlplane.store.StoreFixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.controlplane.store.RecordedEvents;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.StoreException;
import dev.weft.controlplane.store.StoreException.Kind;
import dev.weft.controlplane.store.StoreFixture;
import dev.weft.controlplane.store.TimeToLive;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchEvent.Mutation;
import dev.weft.controlplane.store.WatchStart;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.EtcdServer;
import dev.weft.controlplane.testing.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the store does while etcd, or the way to it, does not do its part. */
@Tag("etcd")
@Timeout(120)
final class EtcdStoreOutageTest implements StoreFixture {

    private static final Duration PROGRESS = Duration.ofMillis(100);
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final Duration CALL = Duration.ofSeconds(3);

    @SuppressWarnings("NullAway.Init") // set before each test
    private EtcdServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TcpProxy proxy;

    /** Straight to the server. */
    @SuppressWarnings("NullAway.Init") // set before each test
    private Store direct;

    /** Through the proxy. */
    @SuppressWarnings("NullAway.Init") // set before each test
    private Store proxied;

    @BeforeEach
    void start() {
        server = EtcdServer.start();
        proxy = TcpProxy.to(server.clientPort());
        direct = open(server.clientAddress());
        proxied = open("127.0.0.1:" + proxy.port());
        awaitReachable(direct);
        awaitReachable(proxied);
    }

    /** A first call loads many classes; on a busy machine that alone can take longer than a call may. */
    private static void awaitReachable(Store store) {
        Await.until("a call to succeed", Duration.ofSeconds(30), () -> revisionIfReachable(store) > 0);
    }

    @AfterEach
    void end() {
        direct.close();
        proxied.close();
        proxy.close();
        server.close();
    }

    private static Store open(String... servers) {
        List<EtcdAddress> addresses =
                List.of(servers).stream().map(EtcdAddress::parse).toList();
        return EtcdStore.open(EtcdStoreConfig.of(addresses, EtcdStoreConfig.DEFAULT_PREFIX)
                .withCallTimeout(CALL)
                .withWatchTimes(PROGRESS, STALL));
    }

    @Override
    public Store store() {
        return direct;
    }

    @Test
    void aKilledAndRestartedServerCostsNoEvent() throws Exception {
        Map<Long, String> acknowledged = new ConcurrentSkipListMap<>();
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean running = new AtomicBoolean(true);
        RecordedEvents fromStart = new RecordedEvents();
        RecordedEvents fromSnapshot = new RecordedEvents();
        long start = put("w/first", ONE);
        try (Watch _ = direct.watch("w/", after(start), fromStart);
                Watch _ = direct.watch("w/", new WatchStart.FromSnapshot(), fromSnapshot)) {
            StoreFixture.inParallel(3, thread -> {
                if (thread < 2) {
                    write(thread, running, acknowledged, failures);
                    return;
                }
                try {
                    for (int i = 0; i < 3; i++) {
                        awaitMore(acknowledged);
                        int failed = failures.get();
                        server.kill();
                        Await.until("a failed write", CALL.multipliedBy(5), () -> failures.get() > failed);
                        server.restart();
                    }
                    awaitMore(acknowledged);
                } finally {
                    running.set(false);
                }
            });
            long last = put("w/last", ONE);
            acknowledged.put(last, "w/last");
            fromStart.awaitRevision(last);
            fromSnapshot.awaitRevision(last);
        }

        fromStart.assertWellFormed();
        fromSnapshot.assertWellFormed();
        assertThat(fromSnapshot.snapshots()).hasSize(1);
        assertThat(fromSnapshot.state()).isEqualTo(state("w/"));
        Map<Long, String> told = new TreeMap<>();
        for (WatchEvent.Changes changes : fromStart.changes()) {
            told.put(changes.revision(), changes.mutations().getFirst().key());
        }
        assertThat(told).containsAllEntriesOf(acknowledged);
        // Each write has a key of its own, so every key there is was told, acknowledged or not.
        Map<String, ByteString> written = state("w/");
        written.remove("w/first");
        assertThat(told.values()).containsExactlyInAnyOrderElementsOf(written.keySet());
    }

    private void write(int thread, AtomicBoolean running, Map<Long, String> acknowledged, AtomicInteger failures) {
        for (int i = 0; running.get(); i++) {
            String key = "w/" + thread + "/" + i;
            try {
                acknowledged.put(put(key, number(i)), key);
            } catch (StoreException e) {
                assertThat(e.kind()).as("%s", e).isIn(Kind.UNAVAILABLE, Kind.OUTCOME_UNKNOWN);
                failures.incrementAndGet();
            }
        }
    }

    private static void awaitMore(Map<Long, String> acknowledged) {
        int before = acknowledged.size();
        Await.until("more writes", Duration.ofSeconds(20), () -> acknowledged.size() > before + 20);
    }

    @Test
    void aCommitToADeadServerIsNotMade() {
        put("w/a", ONE);
        server.kill();

        // The reads come first: a write into a connection whose end is not noticed yet rightly has an unknown outcome.
        assertFails(Kind.UNAVAILABLE, () -> direct.get("w/a"));
        assertFails(Kind.UNAVAILABLE, () -> direct.revision());
        assertFails(Kind.UNAVAILABLE, () -> put("w/b", ONE));

        server.restart();
        assertThat(direct.list("w/").entries()).hasSize(1);
        put("w/b", ONE);
    }

    @Test
    void aCommitWhoseAnswerIsLostHasAnUnknownOutcome() {
        committed(proxied.commit(Transaction.builder().put("w/a", ONE).build()));
        proxy.swallowAnswers();

        assertFails(
                Kind.OUTCOME_UNKNOWN,
                () -> proxied.commit(Transaction.builder().put("w/b", ONE).build()));

        assertThat(direct.get("w/b")).isPresent();
        assertThat(proxied.get("w/b")).as("over a new connection").isPresent();
    }

    @Test
    void aCommitSwallowedOnItsWayHasAnUnknownOutcome() {
        committed(proxied.commit(Transaction.builder().put("w/a", ONE).build()));
        proxy.swallow();

        assertFails(
                Kind.OUTCOME_UNKNOWN,
                () -> proxied.commit(Transaction.builder().put("w/b", ONE).build()));

        assertThat(direct.get("w/b")).isEmpty();
        committed(proxied.commit(
                Transaction.builder().whenAbsent("w/b").put("w/b", ONE).build()));
    }

    @Test
    void aWatchWhoseConnectionGoesSilentResumesOnAnother() {
        long start = put("w/a", ONE);
        RecordedEvents events = new RecordedEvents();
        RecordedEvents fromSnapshot = new RecordedEvents();
        try (Watch _ = proxied.watch("w/", after(start), events);
                Watch _ = proxied.watch("w/", new WatchStart.FromSnapshot(), fromSnapshot)) {
            events.awaitRevision(put("w/b", ONE));
            fromSnapshot.awaitRevision(store().revision());
            int connections = proxy.accepted();
            long silentSince = System.nanoTime();
            proxy.swallow();
            put("w/c", ONE);
            long last = delete("w/a");
            events.awaitRevision(last);
            fromSnapshot.awaitRevision(last);
            assertThat(proxy.accepted()).isGreaterThan(connections);
            // gRPC's own keep-alive would notice too, after 15 s.
            assertThat(Duration.ofNanos(System.nanoTime() - silentSince)).isLessThan(Duration.ofSeconds(10));
        }
        events.assertWellFormed();
        assertThat(events.changes()).hasSize(3);
        fromSnapshot.assertWellFormed();
        assertThat(fromSnapshot.snapshots()).hasSize(1);
        assertThat(fromSnapshot.state()).isEqualTo(state("w/"));
    }

    @Test
    void aStoppedServerIsWaitedFor() {
        long start = put("w/a", ONE);
        RecordedEvents events = new RecordedEvents();
        try (Watch _ = direct.watch("w/", after(start), events)) {
            events.awaitRevision(put("w/b", ONE));
            server.stop();
            try {
                // On the connection that was there the request is sent; a new one is not even greeted.
                assertFails(Kind.OUTCOME_UNKNOWN, () -> put("w/c", ONE));
                assertFails(Kind.UNAVAILABLE, () -> put("w/d", ONE));
            } finally {
                server.resume();
            }
            long last = put("w/last", ONE);
            events.awaitRevision(last);
        }
        events.assertWellFormed();
        assertThat(events.changes().stream()
                        .flatMap(changes -> changes.mutations().stream())
                        .map(Mutation::key))
                .containsExactlyInAnyOrderElementsOf(state("w/").keySet().stream()
                        .filter(key -> !key.equals("w/a"))
                        .toList())
                .doesNotContain("w/d");
    }

    @Test
    void historyCompactedWhileTheWatcherWasAwayIsListedAgain() {
        long start = put("w/a", ONE);
        RecordedEvents fromSnapshot = new RecordedEvents();
        RecordedEvents fromStart = new RecordedEvents();
        try (Watch _ = proxied.watch("w/", new WatchStart.FromSnapshot(), fromSnapshot);
                Watch _ = proxied.watch("w/", after(start), fromStart)) {
            long seen = put("w/b", ONE);
            fromSnapshot.awaitRevision(seen);
            fromStart.awaitRevision(seen);

            proxy.cut();
            delete("w/a");
            put("w/c", ONE);
            long compacted = put("w/c", TWO);
            direct.compact(compacted);
            proxy.restore();

            fromSnapshot.await("a second snapshot", e -> e.snapshots().size() == 2);
            fromStart.await("the end", e -> e.all().getLast().equals(new WatchEvent.Compacted(compacted)));
            long last = put("w/d", ONE);
            fromSnapshot.awaitRevision(last);
            assertThat(fromStart.lastRevision()).isEqualTo(compacted);
        }
        fromSnapshot.assertWellFormed();
        assertThat(fromSnapshot.state()).isEqualTo(state("w/"));
    }

    @Test
    void anotherServerOfTheClusterTakesOver() throws Exception {
        try (TcpProxy first = TcpProxy.to(server.clientPort());
                Store store = open("127.0.0.1:" + first.port(), "127.0.0.1:" + proxy.port())) {
            long start = store.revision();
            RecordedEvents events = new RecordedEvents();
            try (Watch _ = store.watch("w/", after(start), events)) {
                events.awaitRevision(committed(
                        store.commit(Transaction.builder().put("w/a", ONE).build())));
                first.close();
                awaitReachable(store);
                events.awaitRevision(committed(
                        store.commit(Transaction.builder().put("w/b", ONE).build())));
            }
            events.assertWellFormed();
            assertThat(events.changes()).hasSize(2);
        }
    }

    private static long revisionIfReachable(Store store) {
        try {
            return store.revision();
        } catch (StoreException _) {
            return 0;
        }
    }

    @Test
    void aTimeToLiveOutlivesARestart() {
        TimeToLive timeToLive = direct.grantTimeToLive(Duration.ofSeconds(30));
        committed(
                direct.commit(Transaction.builder().put("w/a", ONE, timeToLive).build()));
        server.kill();
        server.restart();
        assertThat(direct.renew(timeToLive)).isTrue();
        assertThat(direct.get("w/a")).isPresent();
    }

    @Test
    void aFullServerSaysSoAndWritesNothing() {
        try (EtcdServer small = EtcdServer.start("--quota-backend-bytes=4194304");
                Store store = open(small.clientAddress())) {
            int written = 0;
            StoreException failure = null;
            while (failure == null) {
                // etcd compares the quota with the file's size as of its last batch, so more may go in than the quota.
                assertThat(written)
                        .as("half-megabyte values in a quota of 4 MiB")
                        .isLessThan(400);
                try {
                    committed(store.commit(Transaction.builder()
                            .put("w/" + written, bytes(1 << 19))
                            .build()));
                    written++;
                } catch (StoreException e) {
                    failure = e;
                }
            }
            assertThat(failure.kind()).as("%s", failure).isEqualTo(Kind.FULL);
            assertThat(store.list("w/").entries()).hasSize(written);
        }
    }
}
