package dev.weft.controlplane;

import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.cluster.ReplicaGroup;
import dev.weft.controlplane.distribution.NodeDistribution;
import dev.weft.controlplane.state.ClusterState;
import dev.weft.controlplane.state.Freshness;
import dev.weft.controlplane.status.StatusBoard;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nodes go to replicas that have fewer, as after a rolling restart: a few at a time, and only while all replicas have been
 * there for some time and have the store. A node that dials goes to the next of its own list; of three replicas one that got
 * too many by that sends some on.
 */
final class NodeBalance implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeBalance.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** So many looks in a row have to show the same replicas, all with the store. */
    private static final int QUIET_LOOKS = 6;

    /** How long a node stays where it is at least. */
    private static final Duration STAY = Duration.ofSeconds(60);

    /** Of what is too much, one part is sent at a time. */
    private static final int PARTS = 10;

    private final Freshness freshness;
    private final ReplicaGroup group;
    private final ClusterState state;
    private final StatusBoard status;
    private final NodeDistribution distribution;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("balance").unstarted(this::run);

    private NodeBalance(
            Freshness freshness,
            ReplicaGroup group,
            ClusterState state,
            StatusBoard status,
            NodeDistribution distribution) {
        this.freshness = freshness;
        this.group = group;
        this.state = state;
        this.status = status;
        this.distribution = distribution;
    }

    static NodeBalance start(
            Freshness freshness,
            ReplicaGroup group,
            ClusterState state,
            StatusBoard status,
            NodeDistribution distribution) {
        NodeBalance balance = new NodeBalance(freshness, group, state, status, distribution);
        balance.thread.start();
        return balance;
    }

    /**
     * How many nodes a replica sends away now.
     *
     * @param own how many it has
     * @param others how many each other replica has
     */
    static int tooMany(int own, List<Integer> others) {
        int total = own + others.stream().mapToInt(Integer::intValue).sum();
        int replicas = others.size() + 1;
        int least = others.stream().mapToInt(Integer::intValue).min().orElse(own);
        int share = (total + replicas - 1) / replicas;
        // Below a tenth of a share it is not worth a node's while; with a difference of one nothing would get better.
        if (own <= share || own - least < Math.max(2, share / 10)) {
            return 0;
        }
        return Math.max(1, (own - share) / PARTS);
    }

    private void run() {
        try {
            List<Replica> before = List.of();
            int quiet = 0;
            while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                List<Replica> members = group.members();
                boolean same = members.equals(before);
                before = members;
                quiet = same && members.size() > 1 && allHaveTheStore(members) ? quiet + 1 : 0;
                if (quiet >= QUIET_LOOKS) {
                    balance(members);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean allHaveTheStore(List<Replica> members) throws InterruptedException {
        return freshness.staleSince().isEmpty() && group.freshOthers().size() == members.size() - 1;
    }

    private void balance(List<Replica> members) {
        Map<String, Integer> counts = new HashMap<>();
        state.read(view ->
                        view.nodes().stream().map(node -> node.value().name()).toList())
                .forEach(name ->
                        status.node(name).replica().ifPresent(replica -> counts.merge(replica, 1, Integer::sum)));
        String self = group.self().name();
        int most = tooMany(
                counts.getOrDefault(self, 0),
                members.stream()
                        .map(Replica::name)
                        .filter(name -> !name.equals(self))
                        .map(name -> counts.getOrDefault(name, 0))
                        .toList());
        if (most > 0) {
            int sent = distribution.sendAway(most, STAY);
            if (sent > 0) {
                LOG.info("{} of this replica's {} nodes go to others, which have fewer", sent, counts.get(self));
            }
        }
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
    }
}
