package dev.weft.controlplane.events.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Up to where each partition of the state topic has to be read to know all that was published. A session begins with a record
 * in each: what is committed is read in order, so who has read that record has read, or rightly passed over, what every
 * earlier session wrote. The brokers' own answer where the end is may be that of a moment before: a transaction whose commit
 * was under way when a broker died can become visible after its successor's producer is ready, and would be published twice.
 */
final class StateEnds {

    private final String topic;
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    StateEnds(String topic) {
        this.topic = topic;
    }

    void written(RecordMetadata record) {
        if (record.topic().equals(topic)) {
            ends.merge(new TopicPartition(topic, record.partition()), record.offset() + 1, Math::max);
        }
    }

    long of(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    Map<TopicPartition, Long> all() {
        return Map.copyOf(ends);
    }
}
