package dev.weft.controlplane.events.kafka;

import dev.weft.controlplane.events.publish.EventLogException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Sees to the two topics. What is missing is created: with one partition, so that the log has all revisions in one order.
 * What exists is its administrator's, with as many partitions as it has; only what would break the promises is refused.
 */
final class Topics {

    private static final short BROKERS_DEFAULT = -1;

    /** Readers of the state that are away for longer may miss that something was removed. */
    private static final String REMOVALS_KEPT_MILLIS = Long.toString(7L * 24 * 3600 * 1000);

    /** So many copies that a write can wait for two of them and one may still be away. */
    private static final int SAFE_REPLICATION = 3;

    private final KafkaConfig config;
    private final Admin admin;

    Topics(KafkaConfig config, Admin admin) {
        this.config = config;
        this.admin = admin;
    }

    /** Returns how many partitions each of the two has. */
    Map<String, Integer> ensure() throws InterruptedException {
        List<NewTopic> missing = new ArrayList<>();
        Map<String, Integer> partitions = new HashMap<>();
        for (NewTopic wanted : List.of(log(), state())) {
            Optional<Integer> count = partitions(wanted.name());
            count.ifPresentOrElse(number -> partitions.put(wanted.name(), number), () -> missing.add(wanted));
        }
        check(partitions.keySet());
        for (NewTopic topic : missing) {
            create(topic);
            partitions.put(topic.name(), 1);
        }
        return partitions;
    }

    private NewTopic log() {
        return topic(
                config.logTopic(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(config.logRetention().toMillis())));
    }

    private NewTopic state() {
        return topic(
                config.stateTopic(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.DELETE_RETENTION_MS_CONFIG,
                        REMOVALS_KEPT_MILLIS));
    }

    private NewTopic topic(String name, Map<String, String> own) {
        Map<String, String> configs = new HashMap<>(own);
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Clients.MAX_RECORD_BYTES));
        if (config.replication().filter(count -> count >= SAFE_REPLICATION).isPresent()) {
            configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return new NewTopic(name, 1, config.replication().orElse(BROKERS_DEFAULT)).configs(configs);
    }

    private Optional<Integer> partitions(String topic) throws InterruptedException {
        try {
            return Optional.ofNullable(admin.describeTopics(Set.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic))
                    .map(description -> description.partitions().size());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw Clients.failure("look for topic " + topic + " at Kafka " + config.bootstrapServers(), e.getCause());
        }
    }

    private void create(NewTopic topic) throws InterruptedException {
        try {
            admin.createTopics(Set.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw Clients.failure("create topic " + topic.name(), e.getCause());
            }
        }
    }

    /** A state that forgets, or a log that keeps only the newest of each entity, would break what subscribers are promised. */
    private void check(Set<String> existing) throws InterruptedException {
        for (String topic : existing) {
            String policy = cleanupPolicy(topic);
            if (topic.equals(config.stateTopic()) && !policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                throw new EventLogException("topic " + topic + " has cleanup.policy=" + policy
                        + ": the state of what does not change would be lost; set it to compact");
            }
            if (topic.equals(config.logTopic()) && policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                throw new EventLogException("topic " + topic + " has cleanup.policy=" + policy
                        + ": all but the newest event of each entity would be lost; set it to delete");
            }
        }
    }

    private String cleanupPolicy(String topic) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return Optional.ofNullable(
                            admin.describeConfigs(Set.of(resource)).all().get().get(resource))
                    .map(described -> described.get(TopicConfig.CLEANUP_POLICY_CONFIG))
                    .map(ConfigEntry::value)
                    .orElse("");
        } catch (ExecutionException e) {
            throw Clients.failure("read the configuration of topic " + topic, e.getCause());
        }
    }
}
