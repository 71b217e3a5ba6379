package dev.weft.controlplane.events.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.api.v1.Change;
import dev.weft.api.v1.PublisherProgress;
import dev.weft.controlplane.events.Event;
import dev.weft.controlplane.events.Progress;
import dev.weft.controlplane.events.publish.EventLogException;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Events as Kafka records: CloudEvents 1.0, the Kafka protocol binding's binary mode, protobuf data. The record's key is the
 * entity's key. In the state topic a removed entity's record has no value, so that the topic's compaction forgets it.
 */
final class Records {

    /** Key of the progress in the state topic, always in its first partition. */
    static final String PROGRESS_KEY = "progress";

    static final int PROGRESS_PARTITION = 0;

    private static final String SESSION_KEY = "session";

    private static final String TYPE_PREFIX = "dev.weft.";
    private static final String PROTOBUF = "application/protobuf";
    private static final URI CHANGE_SCHEMA = URI.create("urn:weft:weft.api.v1.Change");
    private static final URI PROGRESS_SCHEMA = URI.create("urn:weft:weft.api.v1.PublisherProgress");

    private final KafkaConfig config;
    private final URI source;

    Records(KafkaConfig config) {
        this.config = config;
        this.source = URI.create("/weft/" + config.clusterName());
    }

    ProducerRecord<String, byte[]> log(Event event, Instant time) {
        return write(config.logTopic(), null, event.key(), builder(event, time).withData(data(event)));
    }

    ProducerRecord<String, byte[]> state(Event event, Instant time) {
        CloudEventBuilder builder = builder(event, time);
        return write(
                config.stateTopic(), null, event.key(), event.isRemoval() ? builder : builder.withData(data(event)));
    }

    private static byte[] data(Event event) {
        return event.change().toByteArray();
    }

    private CloudEventBuilder builder(Event event, Instant time) {
        long revision = event.change().getRevision();
        CloudEventBuilder builder = attributes(
                        kindAndAction(event), revision + "/" + event.key() + (event.relisted() ? "/listed" : ""), time)
                .withSubject(event.key())
                .withDataContentType(PROTOBUF)
                .withDataSchema(CHANGE_SCHEMA)
                .withExtension("revision", Long.toString(revision))
                .withExtension("partitionkey", event.key());
        return event.relisted() ? builder.withExtension("relisted", true) : builder;
    }

    private static String kindAndAction(Event event) {
        String action = switch (event.change().getType()) {
            case SNAPSHOT -> "listed";
            case CREATED, UPDATED, DELETED -> event.change().getType().name().toLowerCase(Locale.ROOT);
            case TYPE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("event of no type: " + event.key());
        };
        return event.kind() + "." + action;
    }

    ProducerRecord<String, byte[]> progress(Progress progress, Instant time) {
        PublisherProgress message = PublisherProgress.newBuilder()
                .setRevision(progress.revision())
                .setTerm(progress.term())
                .setListing(progress.listing())
                .build();
        CloudEventBuilder builder = attributes(PROGRESS_KEY, progress.revision() + "/" + time, time)
                .withDataContentType(PROTOBUF)
                .withDataSchema(PROGRESS_SCHEMA)
                .withExtension("revision", Long.toString(progress.revision()))
                .withData(message.toByteArray());
        return write(config.stateTopic(), PROGRESS_PARTITION, PROGRESS_KEY, builder);
    }

    /** Says nothing to subscribers: see {@link StateEnds}. Without a value, so that it is compacted away. */
    ProducerRecord<String, byte[]> session(int partition, long term, Instant time) {
        CloudEventBuilder builder = attributes(SESSION_KEY, term + "/" + partition + "/" + time, time)
                .withSubject(SESSION_KEY);
        return write(config.stateTopic(), partition, SESSION_KEY, builder);
    }

    private CloudEventBuilder attributes(String type, String id, Instant time) {
        return CloudEventBuilder.v1()
                .withId(id)
                .withSource(source)
                .withType(TYPE_PREFIX + type)
                .withTime(time.atOffset(ZoneOffset.UTC));
    }

    private static ProducerRecord<String, byte[]> write(
            String topic, @Nullable Integer partition, String key, CloudEventBuilder builder) {
        return KafkaMessageFactory.<String>createWriter(topic, partition, key).writeBinary(builder.build());
    }

    static Progress readProgress(byte[] value) {
        try {
            PublisherProgress message = PublisherProgress.parseFrom(value);
            return new Progress(message.getRevision(), message.getTerm(), message.getListing());
        } catch (InvalidProtocolBufferException e) {
            throw new EventLogException("the record '" + PROGRESS_KEY + "' of the state topic is damaged", e);
        }
    }

    static Change readChange(String key, byte[] value) {
        try {
            return Change.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new EventLogException("the record '" + key + "' of the state topic is damaged", e);
        }
    }
}
