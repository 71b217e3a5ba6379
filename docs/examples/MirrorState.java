import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.api.v1.Change;
import dev.weft.api.v1.PublisherProgress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Keeps a copy of all networks, sandboxes, endpoints and nodes, from nothing: reads the state topic from its beginning, and
 * then follows it.
 *
 * <pre>java -cp 'control-plane/target/*:control-plane/target/lib/*' docs/examples/MirrorState.java HOST:PORT [--once] [TOPIC]</pre>
 *
 * Prints a line for each change of the copy; with {@code --once}, the copy when it is complete, and ends.
 */
public final class MirrorState {

    private final Map<String, Change> copy = new TreeMap<>();
    private PublisherProgress progress = PublisherProgress.getDefaultInstance();

    public static void main(String[] arguments) throws InvalidProtocolBufferException {
        List<String> words = List.of(arguments);
        boolean once = words.contains("--once");
        List<String> names =
                words.stream().filter(word -> !word.startsWith("--")).toList();
        String topic = names.size() > 1 ? names.get(1) : "weft.state";
        new MirrorState().run(names.getFirst(), topic, once);
    }

    private void run(String bootstrapServers, String topic, boolean once) throws InvalidProtocolBufferException {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        // Without this, changes would be seen that are published a second time after a failure.
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            // No consumer group: everybody who mirrors needs all of it, from the beginning.
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            boolean complete = false;
            while (true) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    boolean changed = apply(record);
                    if (changed && complete) {
                        System.out.println((record.value() == null ? "gone " : "now  ") + describe(record.key()));
                    }
                }
                if (!complete
                        && ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                    complete = true;
                    copy.keySet().forEach(key -> System.out.println("has  " + describe(key)));
                    System.out.println("complete as of revision " + progress.getRevision()
                            + (progress.getListing() ? ", a listing is under way" : ""));
                    if (once) {
                        return;
                    }
                }
            }
        }
    }

    /** Returns whether the copy is another one now. */
    private boolean apply(ConsumerRecord<String, byte[]> record) throws InvalidProtocolBufferException {
        if (record.key().equals("progress")) {
            progress = PublisherProgress.parseFrom(record.value());
            return false;
        }
        if (record.value() == null) {
            return copy.remove(record.key()) != null;
        }
        Change change = Change.parseFrom(record.value());
        return !change.equals(copy.put(record.key(), change));
    }

    private String describe(String key) {
        Change change = copy.get(key);
        if (change == null) {
            return key;
        }
        String what = switch (change.getEntityCase()) {
            case NETWORK -> "network " + change.getNetwork().getName();
            case SANDBOX -> "sandbox " + change.getSandbox().getName();
            case ENDPOINT -> "endpoint " + change.getEndpoint().getIpv4Address();
            case NODE -> "node " + change.getNode().getName();
            case ENTITY_NOT_SET -> "nothing";
        };
        return what + " (" + key + ", revision " + change.getRevision() + ")";
    }
}
