package dev.weft.controlplane.events.kafka;

import dev.weft.controlplane.events.publish.EventLogException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Makes Kafka's clients, with the settings that the promises of the log rest on. */
final class Clients {

    /** For one request to the brokers, retries included. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Larger than the store's largest value: a topic must take what the store took. */
    static final int MAX_RECORD_BYTES = 2 << 20;

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    /**
     * For a leader that died in the middle and has no successor: so long, readers of what is committed wait behind its
     * transaction. A successor ends it at once.
     */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

    private final KafkaConfig config;

    Clients(KafkaConfig config) {
        this.config = config;
    }

    Admin admin() {
        Properties properties = common();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(PATIENCE));
        return make("an administration client", () -> Admin.create(properties));
    }

    /** Writes in transactions, under one id for all leaders of the cluster: Kafka lets only the newest go on. */
    Producer<String, byte[]> producer() {
        Properties properties = common();
        properties.put(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, "weft." + config.clusterName() + "." + config.stateTopic());
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, millis(TRANSACTION_TIMEOUT));
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(PATIENCE));
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(PATIENCE));
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_RECORD_BYTES));
        return make(
                "a producer", () -> new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer()));
    }

    /** Reads what is committed, of partitions that it is told. */
    Consumer<String, byte[]> consumer() {
        Properties properties = common();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(PATIENCE));
        return make(
                "a consumer",
                () -> new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer()));
    }

    private Properties common() {
        Properties properties = new Properties();
        config.clientProperties().ifPresent(file -> load(properties, file));
        properties.put("bootstrap.servers", config.bootstrapServers());
        properties.put("client.id", "weft-control-plane");
        properties.put("request.timeout.ms", millis(REQUEST_TIMEOUT));
        // Without a broker, two attempts a second are plenty.
        properties.put("reconnect.backoff.ms", "100");
        properties.put("reconnect.backoff.max.ms", "2000");
        return properties;
    }

    private static void load(Properties properties, Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new EventLogException("cannot read the Kafka client's properties " + file + ": " + e, e);
        }
    }

    private interface Maker<T> {
        T make();
    }

    private <T> T make(String what, Maker<T> maker) {
        try {
            return maker.make();
        } catch (KafkaException e) {
            throw failure("make " + what + " for Kafka at " + config.bootstrapServers(), e);
        }
    }

    /** What went wrong, on one line. */
    static EventLogException failure(String attempt, @Nullable Throwable cause) {
        Throwable root = cause == null ? new KafkaException("no cause was given") : cause;
        for (Throwable deeper = root.getCause(); deeper != null && root instanceof KafkaException; ) {
            root = deeper;
            deeper = root.getCause();
        }
        String why =
                String.valueOf(root.getMessage()).replaceAll("\\s*\\R\\s*", " ").strip();
        return new EventLogException(
                "cannot " + attempt + ": "
                        + (why.isEmpty() || why.equals("null") ? root.getClass().getSimpleName() : why),
                root);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
