package dev.weft.controlplane.events.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where and how events are published.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param clusterName of this Weft cluster: the source of its events, and part of the publisher's transactional id
 * @param logTopic every event, kept for a time
 * @param stateTopic the newest state of each entity
 * @param replication of a topic that is created; the brokers' default if empty
 * @param logRetention how long the log keeps events, if it is created
 * @param clientProperties a file of further settings for Kafka's client, of security say
 */
public record KafkaConfig(
        String bootstrapServers,
        String clusterName,
        String logTopic,
        String stateTopic,
        Optional<Short> replication,
        Duration logRetention,
        Optional<Path> clientProperties) {

    public static final String DEFAULT_LOG_TOPIC = "weft.events";
    public static final String DEFAULT_STATE_TOPIC = "weft.state";
    public static final Duration DEFAULT_LOG_RETENTION = Duration.ofDays(7);

    public KafkaConfig {
        if (logTopic.equals(stateTopic)) {
            throw new IllegalArgumentException("the log and the state need a topic each, not both " + logTopic);
        }
    }

    /** With the default topics. */
    public static KafkaConfig of(String bootstrapServers, String clusterName) {
        return new KafkaConfig(
                bootstrapServers,
                clusterName,
                DEFAULT_LOG_TOPIC,
                DEFAULT_STATE_TOPIC,
                Optional.empty(),
                DEFAULT_LOG_RETENTION,
                Optional.empty());
    }
}
