package dev.weft.controlplane.events.kafka;

import dev.weft.controlplane.events.Fingerprint;
import dev.weft.controlplane.events.Progress;
import dev.weft.controlplane.events.publish.EventLogException;
import dev.weft.controlplane.keys.EntityKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads the state topic back, as far as it is committed. To be used while nobody writes. */
final class StateReader {

    private static final Duration POLL = Duration.ofMillis(200);

    /** How far back the progress is looked for at first; it is among the last records unless the topic was tampered with. */
    private static final long FIRST_WINDOW = 64;

    private static final int WINDOW_GROWTH = 16;

    private final Clients clients;
    private final String topic;
    private final StateEnds ends;

    StateReader(Clients clients, String topic, StateEnds ends) {
        this.clients = clients;
        this.topic = topic;
        this.ends = ends;
    }

    /** The last one written; empty if there is none. */
    Optional<Progress> progress() {
        TopicPartition partition = new TopicPartition(topic, Records.PROGRESS_PARTITION);
        try (var consumer = clients.consumer()) {
            consumer.assign(List.of(partition));
            long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long end = ends.of(partition);
            for (long window = FIRST_WINDOW; ; window *= WINDOW_GROWTH) {
                long from = Math.max(begin, end - window);
                consumer.seek(partition, from);
                Map<String, Progress> last = new HashMap<>();
                read(consumer, Map.of(partition, end), record -> {
                    if (Records.PROGRESS_KEY.equals(record.key()) && record.value() != null) {
                        last.put(record.key(), Records.readProgress(record.value()));
                    }
                });
                if (!last.isEmpty() || from == begin) {
                    return Optional.ofNullable(last.get(Records.PROGRESS_KEY));
                }
            }
        }
    }

    Map<String, Fingerprint> fingerprints() {
        Map<TopicPartition, Long> all = ends.all();
        Map<String, Fingerprint> found = new HashMap<>();
        try (var consumer = clients.consumer()) {
            consumer.assign(all.keySet());
            consumer.seekToBeginning(all.keySet());
            read(consumer, all, record -> {
                if (EntityKey.parse(String.valueOf(record.key())).isEmpty()) {
                    return;
                }
                if (record.value() == null) {
                    found.remove(record.key());
                } else {
                    found.put(record.key(), Fingerprint.of(Records.readChange(record.key(), record.value())));
                }
            });
        }
        return found;
    }

    private void read(
            org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<String, byte[]>> each) {
        long deadline = System.nanoTime() + Clients.PATIENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            var records = consumer.poll(POLL);
            records.forEach(each);
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + Clients.PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new EventLogException(
                        "cannot read topic " + topic + ": nothing came for " + Clients.PATIENCE.toSeconds() + " s");
            }
        }
    }
}
