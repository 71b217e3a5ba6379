package dev.weft.controlplane.status;

import dev.weft.controlplane.cluster.NodeObservation;
import dev.weft.controlplane.cluster.ReplicaGroup;
import dev.weft.controlplane.model.NodeName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other replicas what this one's board has of the nodes whose streams are here, and puts on the board what
 * they tell. Everything is told again now and then, so that what was lost on the way, or with the group's memory, comes
 * back.
 */
public final class ObservationSharing implements ReplicaGroup.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ObservationSharing.class);
    private static final Duration EVERYTHING = Duration.ofSeconds(30);

    private final InMemoryStatusBoard board;
    private final ReplicaGroup group;
    private final BooleanSupplier fresh;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("observations").factory());

    private ObservationSharing(InMemoryStatusBoard board, ReplicaGroup group, BooleanSupplier fresh) {
        this.board = board;
        this.group = group;
        this.fresh = fresh;
    }

    /**
     * Joins the group with the board.
     *
     * @param fresh whether this replica has what the store has
     */
    public static ObservationSharing start(InMemoryStatusBoard board, ReplicaGroup group, BooleanSupplier fresh) {
        ObservationSharing sharing = new ObservationSharing(board, group, fresh);
        group.join(sharing);
        long tick = Unpublished.SOON.toMillis();
        var unusedPublishing =
                sharing.timer.scheduleWithFixedDelay(sharing::publish, tick, tick, TimeUnit.MILLISECONDS);
        var unusedEverything = sharing.timer.scheduleWithFixedDelay(
                sharing::everything, EVERYTHING.toSeconds(), EVERYTHING.toSeconds(), TimeUnit.SECONDS);
        return sharing;
    }

    private void publish() {
        try {
            board.takeUnpublished().forEach(group::publish);
        } catch (RuntimeException e) {
            LOG.error("What this replica observes was not told to the others; it is told again in {}", EVERYTHING, e);
        }
    }

    /** Also sweeps out what a replica that has died without a word was thought to have. */
    private void everything() {
        try {
            board.elsewhere().stream()
                    .filter(replica -> group.member(replica).isEmpty())
                    .forEach(board::left);
            board.publishAgain();
        } catch (RuntimeException e) {
            LOG.error("What this replica observes was not told to the others; it is told again in {}", EVERYTHING, e);
        }
    }

    @Override
    public void observed(NodeObservation observation) {
        board.observed(observation);
        if (group.member(observation.replica()).isEmpty()) {
            board.left(observation.replica());
        }
    }

    @Override
    public void left(String replica) {
        board.left(replica);
    }

    @Override
    public void lost() {
        board.publishAgain();
    }

    @Override
    public Optional<Boolean> awaitApplied(NodeName node, long revision, Duration timeout) throws InterruptedException {
        return board.isHere(node) ? Optional.of(board.awaitApplied(node, revision, timeout)) : Optional.empty();
    }

    @Override
    public boolean isFresh() {
        return fresh.getAsBoolean();
    }

    /** Tells what is left to tell. */
    @Override
    public void close() {
        timer.shutdownNow();
        publish();
    }
}
