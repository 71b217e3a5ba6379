import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.api.v1.Change;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints every event, and goes on where it stopped when it is started again: a consumer group keeps its place.
 *
 * <pre>java -cp 'control-plane/target/*:control-plane/target/lib/*' docs/examples/FollowLog.java HOST:PORT GROUP [SECONDS] [TOPIC]</pre>
 *
 * Ends when nothing has come for that many seconds, if they are given and not 0.
 */
public final class FollowLog {

    private FollowLog() {}

    public static void main(String[] arguments) throws InvalidProtocolBufferException {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", arguments[0]);
        properties.put("group.id", arguments[1]);
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        Duration patience = Duration.ofSeconds(arguments.length > 2 ? Long.parseLong(arguments[2]) : 0);
        String topic = arguments.length > 3 ? arguments[3] : "weft.events";
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            long last = System.nanoTime();
            while (patience.isZero() || System.nanoTime() - last < patience.toNanos()) {
                ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofMillis(200));
                for (ConsumerRecord<String, byte[]> record : records) {
                    print(record);
                    last = System.nanoTime();
                }
                if (!records.isEmpty()) {
                    // After the work: who dies in between sees these events again, and knows them by their ce_id.
                    consumer.commitSync();
                }
            }
        }
    }

    private static void print(ConsumerRecord<String, byte[]> record) throws InvalidProtocolBufferException {
        Change change = Change.parseFrom(record.value());
        System.out.println(change.getRevision() + " " + header(record, "ce_type") + " " + record.key()
                + (header(record, "ce_relisted").equals("true")
                        ? " (listed: there may have been more in between)"
                        : ""));
    }

    /** CloudEvents' attributes are headers. */
    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
