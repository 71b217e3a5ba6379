package dev.weft.controlplane.events.kafka;

import dev.weft.controlplane.events.Event;
import dev.weft.controlplane.events.Fingerprint;
import dev.weft.controlplane.events.Progress;
import dev.weft.controlplane.events.publish.EventLog;
import dev.weft.controlplane.events.publish.EventLogException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event log in two topics of Kafka. Each write is one transaction over both, progress included, under one transactional
 * id for all leaders of the cluster: opening a session ends what older ones left unfinished and refuses what they send later.
 */
public final class KafkaEventLog implements EventLog {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaEventLog.class);

    private final KafkaConfig config;
    private final Clients clients;
    private final Records records;
    private final Clock clock;

    public KafkaEventLog(KafkaConfig config, Clock clock) {
        this.config = config;
        this.clients = new Clients(config);
        this.records = new Records(config);
        this.clock = clock;
    }

    @Override
    public Session open(long term) {
        Map<String, Integer> partitions;
        try (Admin admin = clients.admin()) {
            partitions = new Topics(config, admin).ensure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventLogException("interrupted while looking for the topics", e);
        }
        Producer<String, byte[]> producer = clients.producer();
        KafkaSession session = new KafkaSession(producer);
        try {
            producer.initTransactions();
            session.begin(term, partitions.getOrDefault(config.stateTopic(), 1));
        } catch (KafkaException e) {
            session.close();
            throw Clients.failure("begin to write to Kafka at " + config.bootstrapServers(), e);
        } catch (EventLogException e) {
            session.close();
            throw e;
        }
        LOG.debug("Session of term {} with Kafka at {}", term, config.bootstrapServers());
        return session;
    }

    private final class KafkaSession implements Session {

        private final Producer<String, byte[]> producer;
        private final StateEnds ends = new StateEnds(config.stateTopic());
        private final StateReader reader = new StateReader(clients, config.stateTopic(), ends);

        KafkaSession(Producer<String, byte[]> producer) {
            this.producer = producer;
        }

        void begin(long term, int partitions) {
            Instant time = clock.instant();
            write(
                    IntStream.range(0, partitions)
                            .mapToObj(partition -> records.session(partition, term, time))
                            .toList(),
                    "begin to write");
        }

        @Override
        public Optional<Progress> progress() {
            try {
                return reader.progress();
            } catch (KafkaException e) {
                throw Clients.failure("read the progress from topic " + config.stateTopic(), e);
            }
        }

        @Override
        public Map<String, Fingerprint> published() {
            try {
                return reader.fingerprints();
            } catch (KafkaException e) {
                throw Clients.failure("read topic " + config.stateTopic(), e);
            }
        }

        @Override
        public void publish(List<Event> events, Progress after) {
            Instant time = clock.instant();
            List<ProducerRecord<String, byte[]>> written = new ArrayList<>();
            for (Event event : events) {
                written.add(records.log(event, time));
                written.add(records.state(event, time));
            }
            // The last one in its partition, so that it is found from the end.
            written.add(records.progress(after, time));
            write(written, "publish up to revision " + after.revision());
        }

        /** All of them in one transaction. */
        private void write(List<ProducerRecord<String, byte[]>> written, String attempt) {
            try {
                producer.beginTransaction();
                List<Future<RecordMetadata>> sent =
                        written.stream().map(producer::send).toList();
                awaitAll(sent);
                producer.commitTransaction();
            } catch (KafkaException e) {
                throw Clients.failure(attempt, e);
            } catch (ExecutionException e) {
                throw Clients.failure(attempt, e.getCause());
            } catch (TimeoutException e) {
                throw new EventLogException(
                        "cannot " + attempt + ": no answer from Kafka at " + config.bootstrapServers() + " for "
                                + Clients.PATIENCE.toSeconds() + " s",
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EventLogException("interrupted while trying to " + attempt, e);
            }
        }

        /** Bounded here: without a broker, the producer's own flush does not end while it waits for its transaction. */
        private void awaitAll(List<Future<RecordMetadata>> sent)
                throws InterruptedException, ExecutionException, TimeoutException {
            long deadline = System.nanoTime() + Clients.PATIENCE.toNanos();
            for (Future<RecordMetadata> each : sent) {
                ends.written(each.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
            }
        }

        @Override
        public void close() {
            try {
                // A transaction that was begun is ended by the next session.
                producer.close(Duration.ZERO);
            } catch (KafkaException e) {
                LOG.debug("Closing the producer", e);
            }
        }
    }
}
