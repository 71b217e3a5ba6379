package dev.weft.chaos.check;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A program that prints topics from their beginnings to their ends, a line of JSON a record. It is started in the network
 * namespace that the broker can be reached from.
 */
public final class KafkaDump {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private KafkaDump() {}

    /** @param arguments bootstrap servers, then topics */
    public static void main(String[] arguments) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", arguments[0]);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(arguments).subList(1, arguments.length).stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream()
                            .map(partition -> new TopicPartition(topic, partition.partition())))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!partitions.stream()
                    .allMatch(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    out.println(json(record));
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the ends were not reached in " + LIMIT.toSeconds() + " s");
                }
            }
        }
        out.println("{\"end\":true}");
        out.flush();
    }

    private static JsonObject json(ConsumerRecord<String, byte[]> record) {
        JsonObject json = new JsonObject();
        json.addProperty("topic", record.topic());
        json.addProperty("partition", record.partition());
        json.addProperty("offset", record.offset());
        json.addProperty("key", record.key());
        if (record.value() != null) {
            json.addProperty("value", Base64.getEncoder().encodeToString(record.value()));
        }
        record.headers()
                .forEach(header -> json.addProperty(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return json;
    }
}
