package dev.weft.controlplane.config;

import dev.weft.config.ConfigException;
import dev.weft.config.HostPort;
import dev.weft.controlplane.events.kafka.KafkaConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of the command line that is about publishing events to Kafka. */
final class KafkaOptions {

    /** Kafka's rule for topic names. */
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    @Option(
            names = "--kafka-bootstrap-servers",
            paramLabel = "HOST:PORT[,...]",
            defaultValue = "",
            description = "Publish events to this Kafka cluster; without it, none are published.")
    private String bootstrapServers = "";

    @Option(
            names = "--kafka-log-topic",
            paramLabel = "NAME",
            defaultValue = KafkaConfig.DEFAULT_LOG_TOPIC,
            description = "Topic of all events (default: ${DEFAULT-VALUE}). Created if absent, as the next one.")
    private String logTopic = "";

    @Option(
            names = "--kafka-state-topic",
            paramLabel = "NAME",
            defaultValue = KafkaConfig.DEFAULT_STATE_TOPIC,
            description = "Compacted topic of the newest state of each object (default: ${DEFAULT-VALUE}).")
    private String stateTopic = "";

    @Option(
            names = "--kafka-replication",
            paramLabel = "N",
            defaultValue = "0",
            description = "Copies of a topic that is created; 0 for the brokers' default (default: ${DEFAULT-VALUE}).")
    private short replication;

    @Option(
            names = "--kafka-log-retention",
            paramLabel = "HOURS",
            defaultValue = "168",
            description = "How long the topic of all events, if created, keeps them (default: ${DEFAULT-VALUE}).")
    private long retentionHours;

    @Option(
            names = "--kafka-client-properties",
            paramLabel = "FILE",
            description = "Further settings of Kafka's client: security.protocol, ssl.*, sasl.*")
    private @Nullable Path clientProperties;

    KafkaOptions() {}

    /** @throws ConfigException for anything that is wrong */
    Optional<KafkaConfig> toConfig(String clusterName) {
        if (bootstrapServers.isEmpty()) {
            return Optional.empty();
        }
        for (String server : bootstrapServers.split(",", -1)) {
            var unused = HostPort.parse("kafka-bootstrap-servers", server.strip());
        }
        topic("kafka-log-topic", logTopic);
        topic("kafka-state-topic", stateTopic);
        if (replication < 0) {
            throw new ConfigException("option kafka-replication: " + replication + " should be 0 or more");
        }
        if (retentionHours < 1) {
            throw new ConfigException("option kafka-log-retention: " + retentionHours + " should be 1 hour or more");
        }
        Optional<Path> properties = Optional.ofNullable(clientProperties).map(Path::toAbsolutePath);
        properties.filter(file -> !Files.isReadable(file)).ifPresent(file -> {
            throw new ConfigException("option kafka-client-properties: cannot read " + file);
        });
        try {
            return Optional.of(new KafkaConfig(
                    bootstrapServers,
                    clusterName,
                    logTopic,
                    stateTopic,
                    replication == 0 ? Optional.empty() : Optional.of(replication),
                    Duration.ofHours(retentionHours),
                    properties));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("option kafka-state-topic: " + e.getMessage(), e);
        }
    }

    private static void topic(String option, String name) {
        if (!TOPIC.matcher(name).matches() || name.matches("\\.{1,2}")) {
            throw new ConfigException("option " + option + ": invalid topic '" + name
                    + "': it should be 1 to 249 letters, digits, '.', '_' and '-'");
        }
    }
}
