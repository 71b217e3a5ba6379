package dev.weft.controlplane.cluster.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import dev.weft.controlplane.cluster.NodeObservation;
import dev.weft.controlplane.cluster.Replica;
import dev.weft.controlplane.cluster.ReplicaGroup;
import dev.weft.controlplane.model.NodeName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas as members of a Hazelcast cluster, which is Vert.x's cluster, too. Observations are in one map, a node
 * an entry; who is there is Hazelcast's membership.
 */
public final class HazelcastGroup implements ReplicaGroup {

    private static final Logger LOG = LoggerFactory.getLogger(HazelcastGroup.class);

    private final Replica self;
    private final HazelcastInstance hazelcast;
    private final IMap<String, byte[]> observations;
    private final Questions questions;
    private final AtomicBoolean closed = new AtomicBoolean();

    private HazelcastGroup(Replica self, HazelcastInstance hazelcast, Questions questions) {
        this.self = self;
        this.hazelcast = hazelcast;
        this.observations = hazelcast.getMap(HazelcastGroupConfig.OBSERVATIONS);
        this.questions = questions;
    }

    /**
     * Listens for the others and looks for them; returns when those that are there have been joined. Where nobody is,
     * this replica is the first.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static HazelcastGroup open(HazelcastGroupConfig config, Replica self) throws IOException {
        HazelcastInstance hazelcast;
        try {
            hazelcast = Hazelcast.newHazelcastInstance(config.toHazelcast(self));
        } catch (HazelcastException | IllegalStateException e) {
            throw new IOException(
                    "cannot listen for other replicas on " + HazelcastGroupConfig.bracketed(config.host()) + ":"
                            + config.port() + ": " + e.getMessage(),
                    e);
        }
        try {
            HazelcastGroup group = new HazelcastGroup(self, hazelcast, Questions.open(config, hazelcast));
            LOG.info("replica {} has joined; there are: {}", self, group.members());
            return group;
        } catch (IOException | RuntimeException e) {
            hazelcast.getLifecycleService().terminate();
            throw e;
        }
    }

    @Override
    public Replica self() {
        return self;
    }

    @Override
    public List<Replica> members() {
        try {
            return hazelcast.getCluster().getMembers().stream()
                    .map(HazelcastGroup::replica)
                    .sorted(Comparator.comparing(Replica::name))
                    .toList();
        } catch (HazelcastInstanceNotActiveException e) {
            LOG.debug("the group is closed", e);
            return List.of(self);
        }
    }

    private static Replica replica(Member member) {
        return new Replica(
                String.valueOf(member.getAttribute(HazelcastGroupConfig.NAME_ATTRIBUTE)),
                String.valueOf(member.getAttribute(HazelcastGroupConfig.ADDRESS_ATTRIBUTE)));
    }

    @Override
    public void join(Listener listener) {
        questions.answer(self.name(), listener);
        var unusedMembership = hazelcast.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                LOG.info("replica {} is there", replica(event.getMember()));
                listener.lost();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                LOG.warn("replica {} is gone", replica(event.getMember()));
                listener.left(replica(event.getMember()).name());
                // What was on the one that is gone may have had no copy yet.
                listener.lost();
            }
        });
        var unusedLifecycle = hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
                LOG.warn("the replicas were parted, and have found each other again");
                listener.lost();
                tellAll(listener);
            }
        });
        var unusedEntries = observations.addEntryListener(new Changes(listener), true);
        tellAll(listener);
    }

    private void tellAll(Listener listener) {
        try {
            observations.values().forEach(bytes -> tell(listener, bytes));
        } catch (HazelcastException | IllegalStateException e) {
            LOG.warn("what the others observe was not read; it comes as they tell it again: {}", e.getMessage());
        }
    }

    private static void tell(Listener listener, byte[] bytes) {
        try {
            listener.observed(ObservationCodec.decode(bytes));
        } catch (IllegalArgumentException e) {
            LOG.warn("another replica said what this one does not understand: {}", e.getMessage());
        }
    }

    private record Changes(Listener listener)
            implements EntryAddedListener<String, byte[]>, EntryUpdatedListener<String, byte[]> {

        @Override
        public void entryAdded(EntryEvent<String, byte[]> event) {
            tell(listener, event.getValue());
        }

        @Override
        public void entryUpdated(EntryEvent<String, byte[]> event) {
            tell(listener, event.getValue());
        }
    }

    @Override
    public void publish(NodeObservation observation) {
        attempt(() -> {
            var unusedWritten = observations
                    .submitToKey(
                            observation.node().value(),
                            new PutIfNewer(
                                    observation.registeredAt(),
                                    observation.version(),
                                    ObservationCodec.encode(observation)))
                    .exceptionally(failure -> {
                        LOG.debug("an observation was not published; it comes again", failure);
                        return false;
                    });
        });
    }

    @Override
    public void forget(NodeName node) {
        attempt(() -> {
            var unusedRemoved = observations.removeAsync(node.value());
        });
    }

    /** What is lost here comes again with the next look at what was published. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (HazelcastException | IllegalStateException e) {
            LOG.debug("not told to the other replicas", e);
        }
    }

    @Override
    public Optional<Boolean> awaitApplied(Replica holder, NodeName node, long revision, Duration timeout)
            throws InterruptedException {
        return questions.awaitApplied(holder.name(), node, revision, timeout);
    }

    @Override
    public List<Replica> freshOthers() throws InterruptedException {
        List<Replica> fresh = new ArrayList<>();
        for (Replica replica : members()) {
            if (!replica.equals(self) && questions.isFresh(replica.name())) {
                fresh.add(replica);
            }
        }
        return fresh;
    }

    /** Leaves, so that the others need not find out by themselves. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            questions.close();
            hazelcast.shutdown();
        }
    }

    /** Drops everything that the replicas have published, as if its memory had been lost. For tests. */
    void loseEverything() {
        observations.clear();
    }
}
