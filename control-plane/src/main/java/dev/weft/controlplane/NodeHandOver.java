package dev.weft.controlplane;

import dev.weft.controlplane.cluster.ReplicaGroup;
import dev.weft.controlplane.distribution.NodeDistribution;
import dev.weft.controlplane.state.Freshness;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets nodes go to another replica when this one has lost the store and another has it. */
final class NodeHandOver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeHandOver.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** When the store comes back, one replica sees it a moment before the other: that is no reason. */
    private static final int LOOKS = 3;

    private final Freshness freshness;
    private final ReplicaGroup group;
    private final NodeDistribution distribution;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("hand-over").unstarted(this::run);

    private NodeHandOver(Freshness freshness, ReplicaGroup group, NodeDistribution distribution) {
        this.freshness = freshness;
        this.group = group;
        this.distribution = distribution;
    }

    static NodeHandOver start(Freshness freshness, ReplicaGroup group, NodeDistribution distribution) {
        NodeHandOver handOver = new NodeHandOver(freshness, group, distribution);
        handOver.thread.start();
        return handOver;
    }

    private void run() {
        try {
            int looks = 0;
            while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                // Where nobody has the store the nodes stay: what does not need it goes on working.
                boolean needed = freshness.staleSince().isPresent()
                        && distribution.hasStreams()
                        && !group.freshOthers().isEmpty();
                looks = needed ? looks + 1 : 0;
                if (looks >= LOOKS) {
                    LOG.warn("the store is away from here but not from another replica: the nodes are sent there");
                    distribution.endStreams();
                    looks = 0;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
    }
}
