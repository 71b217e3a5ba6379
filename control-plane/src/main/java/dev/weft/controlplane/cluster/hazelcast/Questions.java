package dev.weft.controlplane.cluster.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import dev.weft.controlplane.cluster.ReplicaGroup.Listener;
import dev.weft.controlplane.model.NodeName;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Short questions from replica to replica over Vert.x's clustered event bus. Each is one small message and one answer
 * within a time; what is long or large goes over gRPC, which has flow control.
 */
final class Questions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Questions.class);
    private static final int START_SECONDS = 30;
    private static final String NODE = "node";
    private static final String REVISION = "revision";
    private static final String MILLIS = "millis";

    /** A replica that dies while it is asked is noticed after this: longer waits are asked in parts. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Duration WAY_AND_BACK = Duration.ofSeconds(2);
    private static final int NOT_HERE = 404;
    private static final int FAILED = 500;

    private final Vertx vertx;

    private Questions(Vertx vertx) {
        this.vertx = vertx;
    }

    static Questions open(HazelcastGroupConfig config, HazelcastInstance hazelcast) throws IOException {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setEventBusOptions(new EventBusOptions().setHost(config.host()).setPort(config.eventBusPort()));
        try {
            return new Questions(Vertx.builder()
                    .with(options)
                    .withClusterManager(new HazelcastClusterManager(hazelcast))
                    .buildClustered()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "cannot listen for other replicas' questions on " + HazelcastGroupConfig.bracketed(config.host())
                            + ":" + config.eventBusPort() + ": " + cause.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while joining the other replicas", e);
        }
    }

    void answer(String replica, Listener listener) {
        var unusedApplied = vertx.eventBus()
                .<JsonObject>consumer(
                        applied(replica),
                        message -> Thread.ofVirtual().name("applied").start(() -> answer(message, listener)));
        var unusedFresh =
                vertx.eventBus().<String>consumer(fresh(replica), message -> message.reply(listener.isFresh()));
    }

    private static void answer(Message<JsonObject> message, Listener listener) {
        JsonObject question = message.body();
        try {
            Duration timeout = Duration.ofMillis(Math.clamp(question.getLong(MILLIS, 0L), 0, LONGEST.toMillis()));
            listener.awaitApplied(new NodeName(question.getString(NODE)), question.getLong(REVISION), timeout)
                    .ifPresentOrElse(message::reply, () -> message.fail(NOT_HERE, "the node's stream is not here"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            message.fail(FAILED, "interrupted");
        } catch (RuntimeException e) {
            LOG.warn("another replica's question is not answered", e);
            message.fail(FAILED, String.valueOf(e.getMessage()));
        }
    }

    Optional<Boolean> awaitApplied(String replica, NodeName node, long revision, Duration timeout)
            throws InterruptedException {
        Duration part = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
        JsonObject question =
                new JsonObject().put(NODE, node.value()).put(REVISION, revision).put(MILLIS, part.toMillis());
        return ask(applied(replica), question, part.plus(WAY_AND_BACK));
    }

    boolean isFresh(String replica) throws InterruptedException {
        return ask(fresh(replica), "", WAY_AND_BACK).orElse(false);
    }

    /** Empty if there was no answer in time, or none at all. */
    private Optional<Boolean> ask(String address, Object question, Duration timeout) throws InterruptedException {
        try {
            return Optional.of(vertx.eventBus()
                    .<Boolean>request(address, question, new DeliveryOptions().setSendTimeout(timeout.toMillis()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(timeout.plus(WAY_AND_BACK).toMillis(), TimeUnit.MILLISECONDS)
                    .body());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ReplyException)) {
                LOG.warn("asking {} failed", address, e);
            }
            return Optional.empty();
        } catch (TimeoutException e) {
            LOG.debug("{} did not answer", address, e);
            return Optional.empty();
        }
    }

    private static String applied(String replica) {
        return "weft.applied." + replica;
    }

    private static String fresh(String replica) {
        return "weft.fresh." + replica;
    }

    @Override
    public void close() {
        try {
            var unusedClosed =
                    vertx.close().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Leaving the event bus failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
