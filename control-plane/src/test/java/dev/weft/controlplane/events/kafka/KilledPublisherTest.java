package dev.weft.controlplane.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.v1.Change;
import dev.weft.api.v1.ChangeServiceGrpc;
import dev.weft.api.v1.CreateNetworkRequest;
import dev.weft.api.v1.DeleteNetworkRequest;
import dev.weft.api.v1.GetPublisherRequest;
import dev.weft.api.v1.NetworkServiceGrpc;
import dev.weft.api.v1.Publisher;
import dev.weft.controlplane.events.EventMapping;
import dev.weft.controlplane.events.Workload;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Watch;
import dev.weft.controlplane.store.WatchEvent;
import dev.weft.controlplane.store.WatchStart;
import dev.weft.controlplane.store.etcd.EtcdAddress;
import dev.weft.controlplane.store.etcd.EtcdStore;
import dev.weft.controlplane.store.etcd.EtcdStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.ControlPlaneProcess;
import dev.weft.controlplane.testing.EtcdServer;
import dev.weft.controlplane.testing.KafkaServer;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process that publishes is killed, again and again, in the middle of its work: the log has each revision once. */
@Tag("kafka")
@Tag("etcd")
@Timeout(420)
final class KilledPublisherTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int KILLS = 3;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static KafkaServer broker;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @BeforeAll
    static void startBroker() {
        broker = KafkaServer.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private ControlPlaneProcess controlPlane(String name, String... store) throws IOException {
        Path own = Files.createDirectories(directory.resolve(name));
        List<String> arguments = new ArrayList<>(List.of(store));
        arguments.addAll(List.of(
                "--kafka-bootstrap-servers=" + broker.bootstrapServers(),
                "--kafka-log-topic=" + topic("log"),
                "--kafka-state-topic=" + topic("state")));
        return ControlPlaneProcess.start(own, arguments.toArray(String[]::new));
    }

    /** Of this test. */
    private String topic(String name) {
        return name + directory.getFileName();
    }

    private static Publisher publisher(ControlPlaneProcess process) {
        try {
            return ChangeServiceGrpc.newBlockingStub(process.channel())
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .getPublisher(GetPublisherRequest.getDefaultInstance());
        } catch (StatusRuntimeException _) {
            return Publisher.getDefaultInstance(); // it has been killed
        }
    }

    private static void awaitPublished(long revision, ControlPlaneProcess... processes) {
        Await.until(
                "revision " + revision + " to be published",
                PATIENCE,
                () -> List.of(processes).stream()
                        .anyMatch(process -> publisher(process).getPublishedRevision() >= revision));
    }

    @Test
    void oneOfTwoReplicasOnEtcd() throws Exception {
        try (EtcdServer etcd = EtcdServer.start()) {
            String[] options = {"--store=etcd", "--etcd-endpoints=" + etcd.clientAddress()};
            Store store = EtcdStore.open(EtcdStoreConfig.of(
                    List.of(EtcdAddress.parse(etcd.clientAddress())), EtcdStoreConfig.DEFAULT_PREFIX));
            List<String> expected = new CopyOnWriteArrayList<>();
            ControlPlaneProcess one = controlPlane("one", options);
            ControlPlaneProcess other = controlPlane("other", options);
            awaitPublished(1, one, other);
            AtomicBoolean enough = new AtomicBoolean();
            Workload workload = new Workload(store, 7);
            try (Watch _ = store.watch("", new WatchStart.After(store.revision()), event -> expect(event, expected))) {
                Thread writer = Thread.ofVirtual().start(() -> {
                    while (!enough.get()) {
                        workload.run(1);
                    }
                });
                for (int i = 0; i < KILLS; i++) {
                    long before = store.revision();
                    awaitPublished(before, one, other);
                    if (publisher(one).getLeads()) {
                        one.kill();
                        one = controlPlane("one", options);
                    } else {
                        other.kill();
                        other = controlPlane("other", options);
                    }
                    awaitPublished(before + 1, one, other);
                }
                enough.set(true);
                writer.join();
                awaitPublished(store.revision(), one, other);
                assertLogIs(expected);
                assertStateIs(store);
            } finally {
                enough.set(true);
                one.close();
                other.close();
                store.close();
            }
        }
    }

    @Test
    void theOnlyProcessOfAnEmbeddedStore() throws Exception {
        String state = "--state-dir=" + directory.resolve("state");
        ControlPlaneProcess process = controlPlane("alone", state);
        long first;
        try {
            awaitPublished(1, process);
            first = publisher(process).getPublishedRevision();
            for (int kill = 0; kill < KILLS; kill++) {
                AtomicBoolean enough = new AtomicBoolean();
                ControlPlaneProcess running = process;
                int round = kill;
                Thread writer = Thread.ofVirtual().start(() -> write(running, round, enough));
                long before = publisher(process).getStoreRevision();
                Await.until(
                        "some of it to be published",
                        PATIENCE,
                        () -> publisher(running).getPublishedRevision() > before + 20);
                process.kill();
                enough.set(true);
                writer.join();
                process = controlPlane("alone", state);
            }
            awaitPublished(publisher(process).getStoreRevision(), process);
            process.terminate();
        } finally {
            process.close();
        }
        try (Store store = SqliteStore.open(SqliteStoreConfig.in(directory.resolve("state")))) {
            List<String> expected = new CopyOnWriteArrayList<>();
            long newest = store.revision();
            AtomicBoolean all = new AtomicBoolean();
            try (Watch _ = store.watch("", new WatchStart.After(first), event -> {
                expect(event, expected);
                all.compareAndSet(false, revision(event) >= newest);
            })) {
                Await.until("the store's history", PATIENCE, all::get);
            }
            assertLogIs(expected);
            assertStateIs(store);
        }
    }

    /** Networks come and go until the process dies. */
    private static void write(ControlPlaneProcess process, int round, AtomicBoolean enough) {
        var networks = NetworkServiceGrpc.newBlockingStub(process.channel());
        try {
            for (int i = 0; !enough.get(); i++) {
                String name = "net-" + round + "-" + i;
                var _ = networks.createNetwork(CreateNetworkRequest.newBuilder()
                        .setName(name)
                        .setDriver("overlay")
                        .build());
                if (i % 3 != 0) {
                    var _ = networks.deleteNetwork(
                            DeleteNetworkRequest.newBuilder().setNetwork(name).build());
                }
            }
        } catch (StatusRuntimeException _) {
            // It was killed, as is the test's aim.
        }
    }

    private static void expect(WatchEvent event, List<String> expected) {
        if (event instanceof WatchEvent.Changes(long revision, List<WatchEvent.Mutation> mutations)) {
            mutations.forEach(mutation -> EventMapping.of(revision, mutation)
                    .ifPresent(
                            each -> expected.add(revision + " " + each.change().getType() + " " + each.key())));
        }
    }

    private static long revision(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Changes(long revision, var _) -> revision;
            case WatchEvent.Progress(long revision) -> revision;
            case WatchEvent.Snapshot _, WatchEvent.Compacted _ -> throw new AssertionError("unexpected: " + event);
        };
    }

    private void assertLogIs(List<String> expected) throws Exception {
        assertThat(new Subscriber(broker.bootstrapServers())
                        .log(topic("log")).stream().map(Subscriber.Logged::what).toList())
                .isEqualTo(expected)
                .hasSizeGreaterThan(KILLS);
    }

    private void assertStateIs(Store store) throws Exception {
        Map<String, Change> stored = new TreeMap<>();
        store.list("")
                .entries()
                .forEach(entry -> EventMapping.listed(entry)
                        .ifPresent(event -> stored.put(
                                event.key(),
                                event.change().toBuilder().clearType().build())));
        assertThat(new Subscriber(broker.bootstrapServers())
                        .state(topic("state"))
                        .entities())
                .isEqualTo(stored)
                .isNotEmpty();
    }
}
