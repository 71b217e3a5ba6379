package dev.weft.controlplane.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.api.v1.Change;
import dev.weft.controlplane.events.Event;
import dev.weft.controlplane.events.EventMapping;
import dev.weft.controlplane.events.Progress;
import dev.weft.controlplane.events.Workload;
import dev.weft.controlplane.events.publish.EventLog;
import dev.weft.controlplane.events.publish.EventLogException;
import dev.weft.controlplane.events.publish.EventPublisher;
import dev.weft.controlplane.events.publish.PublisherStatus;
import dev.weft.controlplane.leadership.Leadership;
import dev.weft.controlplane.leadership.StoppedStore;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.KafkaServer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What subscribers are promised, with a real broker, over a store that the subclass opens. Each test has topics of its own. */
@Tag("kafka")
@Timeout(300)
abstract class KafkaPublicationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final AtomicInteger TESTS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static KafkaServer broker;

    private final KafkaConfig config = new KafkaConfig(
            broker.bootstrapServers(),
            "test" + TESTS.incrementAndGet(),
            "log" + TESTS.get(),
            "state" + TESTS.get(),
            Optional.empty(),
            Duration.ofDays(1),
            Optional.empty());

    private final List<Replica> replicas = new ArrayList<>();
    private final List<String> expected = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Watch observer;

    /** A client of the one store of this test. */
    abstract Store openClient();

    /** A replica of the control plane, as far as events are concerned. */
    private static final class Replica implements AutoCloseable {

        private final StoppedStore store;
        private final EventPublisher publisher;
        private final Leadership leadership;

        Replica(Store client, KafkaConfig config, String name) {
            store = new StoppedStore(client);
            publisher = new EventPublisher(store, new KafkaEventLog(config, Clock.systemUTC()), Clock.systemUTC());
            leadership = Leadership.start(store, name, Duration.ofSeconds(2), List.of(publisher));
        }

        @Override
        public void close() throws InterruptedException {
            store.goOn();
            leadership.close();
        }
    }

    @BeforeAll
    static void startBroker() {
        broker = KafkaServer.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void openStore() {
        if (!broker.isRunning()) {
            broker.restart();
        }
        store = openClient();
        observer = store.watch("", new WatchStart.After(store.revision()), this::expect);
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Replica replica : replicas) {
            replica.close();
        }
        observer.close();
    }

    private void expect(WatchEvent event) {
        if (event instanceof WatchEvent.Changes(long revision, List<WatchEvent.Mutation> mutations)) {
            mutations.forEach(mutation -> EventMapping.of(revision, mutation)
                    .ifPresent(
                            each -> expected.add(revision + " " + each.change().getType() + " " + each.key())));
        }
    }

    private Replica replica(String name) {
        Replica replica = new Replica(openClient(), config, name);
        replicas.add(replica);
        return replica;
    }

    private static boolean publishes(Replica replica) {
        return replica.publisher.status() instanceof PublisherStatus.Publishing;
    }

    private void awaitFirst(Replica replica) {
        Await.until("the publisher to begin", PATIENCE, () -> publishes(replica));
    }

    /** Waits until some replica has published everything. */
    private void awaitPublished() {
        long newest = store.revision();
        Await.until(
                "revision " + newest + " to be published: " + statuses(),
                PATIENCE,
                () -> replicas.stream()
                        .anyMatch(replica ->
                                replica.publisher.status() instanceof PublisherStatus.Publishing(long revision)
                                        && revision >= newest));
    }

    private List<PublisherStatus> statuses() {
        return replicas.stream().map(replica -> replica.publisher.status()).toList();
    }

    private Map<String, Change> stored() {
        Map<String, Change> stored = new TreeMap<>();
        store.list("")
                .entries()
                .forEach(entry -> EventMapping.listed(entry)
                        .ifPresent(event -> stored.put(
                                event.key(),
                                event.change().toBuilder().clearType().build())));
        return stored;
    }

    private void assertStateIsTheStore() throws Exception {
        Subscriber.State state = new Subscriber(broker.bootstrapServers()).state(config.stateTopic());
        assertThat(state.entities()).isEqualTo(stored()).isNotEmpty();
        assertThat(state.progress().listing()).isFalse();
    }

    private List<Subscriber.Logged> log() throws Exception {
        return new Subscriber(broker.bootstrapServers()).log(config.logTopic());
    }

    /** Every revision once, in the order of the revisions. */
    private void assertLogIsWhatHappened() throws Exception {
        assertThat(log().stream().map(Subscriber.Logged::what).toList()).isEqualTo(expected);
    }

    private static void assertNothingTwiceAndInOrderPerEntity(List<Subscriber.Logged> log) {
        assertThat(log.stream().map(logged -> logged.event().getId()).toList()).doesNotHaveDuplicates();
        assertThat(log.stream().map(logged -> logged.revision() + logged.key()).toList())
                .doesNotHaveDuplicates();
        Map<String, Long> last = new HashMap<>();
        for (Subscriber.Logged logged : log) {
            Long before = last.put(logged.key(), logged.revision());
            assertThat(logged.revision()).as(logged.what()).isGreaterThan(before == null ? 0 : before);
        }
    }

    @Test
    void aSubscriberFromNothingRebuildsTheStoreAndTheLogHasEachRevisionOnce() throws Exception {
        awaitFirst(replica("one"));
        new Workload(store, 1).run(300);
        awaitPublished();
        assertStateIsTheStore();
        assertLogIsWhatHappened();

        Subscriber.Logged first = log().getFirst();
        assertThat(first.event().getSource()).hasToString("/weft/" + config.clusterName());
        assertThat(first.event().getType()).matches("dev\\.weft\\.(network|node)\\.created");
        assertThat(first.event().getDataContentType()).isEqualTo("application/protobuf");
        assertThat(first.event().getTime()).isNotNull();
    }

    @Test
    void whatWasStoredBeforeIsListedAndMarked() throws Exception {
        new Workload(store, 2).run(60);
        awaitFirst(replica("one"));
        awaitPublished();
        assertStateIsTheStore();
        assertThat(log()).isNotEmpty().allSatisfy(logged -> {
            assertThat(logged.relisted()).isTrue();
            assertThat(logged.type()).isEqualTo(Change.Type.SNAPSHOT);
        });
        assertThat(log()).hasSameSizeAs(stored().keySet());
    }

    @Test
    void theBrokerIsKilledAndComesBack() throws Exception {
        Replica one = replica("one");
        awaitFirst(one);
        Workload workload = new Workload(store, 3);
        workload.run(80);
        broker.kill();
        workload.run(80);
        Await.until(
                "the publisher to say what it waits for",
                PATIENCE,
                () -> one.publisher.status() instanceof PublisherStatus.Waiting(long _, String reason, var _)
                        && reason.startsWith("cannot "));
        workload.run(80);
        broker.restart();
        workload.run(40);
        awaitPublished();
        assertStateIsTheStore();
        assertLogIsWhatHappened();
    }

    @Test
    void theBrokerIsAwayAndTheStoreForgetsMeanwhile() throws Exception {
        Replica one = replica("one");
        awaitFirst(one);
        Workload workload = new Workload(store, 4);
        workload.run(80);
        awaitPublished();
        int before = expected.size();
        broker.kill();
        workload.run(120);
        Await.until("the publisher to wait", PATIENCE, () -> one.publisher.status() instanceof PublisherStatus.Waiting);
        store.compact(store.revision());
        broker.restart();
        awaitPublished();
        assertStateIsTheStore();
        List<Subscriber.Logged> log = log();
        assertThat(log.subList(0, before).stream().map(Subscriber.Logged::what).toList())
                .isEqualTo(expected.subList(0, before));
        assertThat(log.subList(before, log.size())).isNotEmpty().allMatch(Subscriber.Logged::relisted);
        assertNothingTwiceAndInOrderPerEntity(log);

        int relisted = log.size();
        int known = expected.size();
        workload.run(40);
        awaitPublished();
        log = log();
        assertThat(log.subList(relisted, log.size()).stream()
                        .map(Subscriber.Logged::what)
                        .toList())
                .as("afterwards each revision comes again")
                .isEqualTo(expected.subList(known, expected.size()));
        assertStateIsTheStore();
    }

    /** A leader stands still in the middle, another takes over, and then the first goes on. */
    @Test
    void leadersStopWithoutAWordAndGoOnLater() throws Exception {
        Replica one = replica("one");
        awaitFirst(one);
        Replica other = replica("other");
        Workload workload = new Workload(store, 5);
        for (int round = 0; round < 3; round++) {
            Replica leader = publishes(one) ? one : other;
            Replica successor = leader == one ? other : one;
            Thread writer = Thread.ofVirtual().start(() -> workload.run(100));
            Await.until("a part to be published", PATIENCE, () -> publishes(leader));
            leader.store.stop();
            Await.until("the other one to publish", PATIENCE, () -> publishes(successor));
            writer.join();
            leader.store.goOn();
            workload.run(20);
            Await.until("the first to give up", PATIENCE, () -> !publishes(leader));
        }
        awaitPublished();
        assertStateIsTheStore();
        assertLogIsWhatHappened();
    }

    @Test
    void topicsThatWouldBreakThePromisesAreRefused() throws Exception {
        KafkaConfig swapped = new KafkaConfig(
                config.bootstrapServers(),
                config.clusterName(),
                config.stateTopic(),
                config.logTopic(),
                Optional.empty(),
                Duration.ofDays(1),
                Optional.empty());
        KafkaEventLog log = new KafkaEventLog(config, Clock.systemUTC());
        log.open(1).close();
        log.open(1).close();
        assertThatExceptionOfType(EventLogException.class)
                .isThrownBy(() -> new KafkaEventLog(swapped, Clock.systemUTC()).open(2))
                .withMessageContainingAll("cleanup.policy=", "set it to");
    }

    /** What Kafka itself refuses, whatever the writer believes. */
    @Test
    void onlyTheNewestSessionWrites() throws Exception {
        KafkaEventLog log = new KafkaEventLog(config, Clock.systemUTC());
        new Workload(store, 6).run(10);
        List<Event> events = store.list("").entries().stream()
                .flatMap(entry -> EventMapping.listed(entry).stream())
                .toList();
        try (EventLog.Session old = log.open(1)) {
            assertThat(old.progress()).isEmpty();
            old.publish(events.subList(0, 1), new Progress(1, 1, false));
            try (EventLog.Session newest = log.open(2)) {
                assertThat(newest.progress()).contains(new Progress(1, 1, false));
                assertThatExceptionOfType(EventLogException.class)
                        .isThrownBy(() -> old.publish(events.subList(1, 2), new Progress(2, 1, false)))
                        .withMessageContaining("cannot publish up to revision 2");
                assertThat(newest.progress()).contains(new Progress(1, 1, false));
                newest.publish(events.subList(1, 2), new Progress(2, 2, false));
                assertThat(newest.progress()).contains(new Progress(2, 2, false));
                assertThat(newest.published())
                        .hasSize(2)
                        .containsKey(events.get(1).key());
            }
        }
        assertThat(log())
                .extracting(Subscriber.Logged::key)
                .containsExactly(events.get(0).key(), events.get(1).key());
    }
}
