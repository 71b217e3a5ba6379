package dev.weft.controlplane.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.api.v1.Change;
import dev.weft.controlplane.events.Progress;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Somebody who starts from nothing and reads what is committed; it knows the topics, CloudEvents and the proto files only. */
final class Subscriber {

    private final String bootstrapServers;

    Subscriber(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** An event of the log. */
    record Logged(long revision, String key, Change.Type type, boolean relisted, CloudEvent event) {

        /** What happened, without how it was told. */
        String what() {
            return revision + " " + type + " " + key + (relisted ? " relisted" : "");
        }
    }

    /** The state topic, read to its end. */
    record State(Map<String, Change> entities, Progress progress) {}

    private static Change change(CloudEvent event) throws InvalidProtocolBufferException {
        return Change.parseFrom(
                Objects.requireNonNull(event.getData(), event.getId()).toBytes());
    }

    List<Logged> log(String topic) throws Exception {
        List<Logged> log = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : read(topic)) {
            CloudEvent event = KafkaMessageFactory.createReader(record).toEvent();
            Change change = change(event);
            assertThat(event.getSubject()).isEqualTo(record.key());
            assertThat(event.getExtension("revision")).isEqualTo(Long.toString(change.getRevision()));
            log.add(new Logged(
                    change.getRevision(),
                    record.key(),
                    change.getType(),
                    "true".equals(event.getExtension("relisted")),
                    event));
        }
        return log;
    }

    State state(String topic) throws Exception {
        Map<String, Change> entities = new TreeMap<>();
        Map<String, Progress> progress = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : read(topic)) {
            if (record.key().equals("progress")) {
                progress.put("", Records.readProgress(record.value()));
            } else if (record.value() == null) {
                entities.remove(record.key());
            } else {
                entities.put(
                        record.key(),
                        change(KafkaMessageFactory.createReader(record).toEvent()).toBuilder()
                                .clearType()
                                .build());
            }
        }
        return new State(entities, progress.getOrDefault("", new Progress(0, 0, true)));
    }

    private List<ConsumerRecord<String, byte[]>> read(String topic) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        List<ConsumerRecord<String, byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo info : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(read::add);
            }
        }
        return read;
    }
}
