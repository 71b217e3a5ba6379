package dev.weft.controlplane.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlplane.codec.ModelCodec;
import dev.weft.controlplane.events.publish.EventPublisher;
import dev.weft.controlplane.events.publish.PublisherStatus;
import dev.weft.controlplane.keys.Keys;
import dev.weft.controlplane.leadership.Leadership;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.state.Fixtures;
import dev.weft.controlplane.store.Store;
import dev.weft.controlplane.store.Transaction;
import dev.weft.controlplane.store.sqlite.SqliteStore;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig;
import dev.weft.controlplane.store.sqlite.SqliteStoreConfig.Durability;
import dev.weft.controlplane.testing.Await;
import dev.weft.controlplane.testing.KafkaServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishing with 100 000 entities: that it works, and into the log, how long it takes on this machine. */
@Tag("kafka")
final class PublisherFiguresTest {

    private static final Logger LOG = LoggerFactory.getLogger(PublisherFiguresTest.class);
    private static final int ENTITIES = 100_000;
    private static final int IN_A_TRANSACTION = 100;
    private static final int WRITERS = 8;
    private static final int CHANGES = 20_000;
    private static final int SINGLE_CHANGES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static void fill(Store store) {
        Network network = Fixtures.overlay("web", "10.0.0.0/8");
        for (int begin = 0; begin < ENTITIES; begin += IN_A_TRANSACTION) {
            Transaction.Builder transaction = Transaction.builder();
            for (int n = begin; n < begin + IN_A_TRANSACTION; n++) {
                String address = "10." + (n >> 16) + "." + ((n >> 8) & 255) + "." + (n & 255) + "/8";
                Endpoint endpoint = Fixtures.endpoint(network, Fixtures.sandbox("c" + n, "h" + n % 1000), address);
                transaction.put(Keys.endpoint(endpoint.id()), ModelCodec.ENDPOINT.encode(endpoint));
            }
            store.commit(transaction.build());
        }
    }

    private static void change(Store store, String name, int epoch) {
        Node node = Fixtures.node(name, "192.0.2.1", 1500, epoch);
        store.commit(Transaction.builder()
                .put(Keys.node(node.name()), ModelCodec.NODE.encode(node))
                .build());
    }

    private static long millisSince(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime).toMillis();
    }

    /** Leads and publishes until all is published; then does the work, if any, while it goes on. */
    private static void publish(Store store, KafkaConfig config, String what, Work work) throws Exception {
        EventPublisher publisher =
                new EventPublisher(store, new KafkaEventLog(config, Clock.systemUTC()), Clock.systemUTC());
        long begin = System.nanoTime();
        try (Leadership _ = Leadership.start(store, what, Duration.ofSeconds(30), List.of(publisher))) {
            awaitPublished(store, publisher);
            LOG.info("{}: {} ms", what, millisSince(begin));
            work.run(publisher);
        }
    }

    private interface Work {
        void run(EventPublisher publisher) throws Exception;
    }

    private static void awaitPublished(Store store, EventPublisher publisher) {
        long newest = store.revision();
        Await.until(
                "revision " + newest,
                PATIENCE,
                () -> publisher.status() instanceof PublisherStatus.Publishing(long revision) && revision >= newest);
    }

    @Test
    @Timeout(600)
    void aHundredThousandEntities(@TempDir Path directory) throws Exception {
        try (KafkaServer broker = KafkaServer.start();
                Store store = SqliteStore.open(SqliteStoreConfig.in(directory)
                        .withDurability(Durability.PROCESS_DEATH)
                        .withProgressInterval(Duration.ofMillis(50)))) {
            fill(store);
            KafkaConfig config = KafkaConfig.of(broker.bootstrapServers(), "figures");
            publish(store, config, "from nothing to 100 000 listed entities", publisher -> {
                stream(store, publisher);
                latency(store, broker);
            });
            publish(store, config, "from a change of leaders to publishing", _ -> {});
            int before = new Subscriber(broker.bootstrapServers())
                    .log(config.logTopic())
                    .size();
            change(store, "late", 1);
            store.compact(store.revision());
            publish(store, config, "re-list of 100 000 entities, one of them changed", _ -> {});
            List<Subscriber.Logged> log = new Subscriber(broker.bootstrapServers()).log(config.logTopic());
            assertThat(log.subList(before, log.size()))
                    .singleElement()
                    .satisfies(logged -> assertThat(logged.key()).isEqualTo("nodes/late"));
            assertThat(before).isEqualTo(ENTITIES + CHANGES + SINGLE_CHANGES);
        }
    }

    private static void stream(Store store, EventPublisher publisher) throws InterruptedException {
        long begin = System.nanoTime();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String name = "w" + i;
            writers.add(Thread.ofPlatform().start(() -> {
                for (int epoch = 1; epoch <= CHANGES / WRITERS; epoch++) {
                    change(store, name, epoch);
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        long committed = millisSince(begin);
        awaitPublished(store, publisher);
        LOG.info("{} changes: committed in {} ms, published in {} ms", CHANGES, committed, millisSince(begin));
    }

    private static void latency(Store store, KafkaServer broker) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker.bootstrapServers());
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        TopicPartition partition = new TopicPartition(KafkaConfig.DEFAULT_LOG_TOPIC, 0);
        List<Long> micros = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            assertThat(consumer.position(partition)).isPositive();
            for (int i = 1; i <= SINGLE_CHANGES; i++) {
                long begin = System.nanoTime();
                change(store, "single", i);
                Await.until(
                        "the event",
                        PATIENCE,
                        () -> !consumer.poll(Duration.ofSeconds(1)).isEmpty());
                micros.add((System.nanoTime() - begin) / 1000);
            }
        }
        micros.sort(null);
        LOG.info(
                "from a commit to its event at a consumer: p50 {} us, p99 {} us",
                micros.get(SINGLE_CHANGES / 2),
                micros.get(SINGLE_CHANGES * 99 / 100));
    }
}
