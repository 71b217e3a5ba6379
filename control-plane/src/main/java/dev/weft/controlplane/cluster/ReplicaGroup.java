package dev.weft.controlplane.cluster;

import dev.weft.controlplane.model.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The replicas that know of each other. What they share is what each observes; all of it can be lost at any time and is
 * told again by the replicas that have the nodes' streams. Nothing that must be right is decided on it: that is the
 * store's part.
 */
public interface ReplicaGroup extends AutoCloseable {

    /** This one. */
    Replica self();

    /** Those that are there as far as this one knows, itself among them, in the order of their names. */
    List<Replica> members();

    default Optional<Replica> member(String name) {
        return members().stream().filter(replica -> replica.name().equals(name)).findFirst();
    }

    /** Tells everything known now, then what changes. To be called once. */
    void join(Listener listener);

    /** Tells the others; returns without waiting. Whoever has a newer observation of the node keeps that. */
    void publish(NodeObservation observation);

    /** The node is not stored any more. */
    void forget(NodeName node);

    /**
     * Asks another replica, which has the node's stream, to wait until the node has applied the revision.
     *
     * @return whether it has within the time; empty if that replica could not be asked, or has not the stream
     */
    Optional<Boolean> awaitApplied(Replica holder, NodeName node, long revision, Duration timeout)
            throws InterruptedException;

    /** The other replicas that answer that they have what the store has. */
    List<Replica> freshOthers() throws InterruptedException;

    @Override
    void close();

    /**
     * What a replica learns from the others, and what it is asked. Called on threads of the group; may block for short
     * only.
     */
    interface Listener {

        /** Another replica observed, or this one before it was last started. */
        void observed(NodeObservation observation);

        /** A replica is gone. */
        void left(String replica);

        /** What this replica had published may be lost: it should be published again. */
        void lost();

        /**
         * Waits until the node, whose stream this replica has, has applied the revision.
         *
         * @return whether it has, within the time; empty if this replica has not the stream
         */
        Optional<Boolean> awaitApplied(NodeName node, long revision, Duration timeout) throws InterruptedException;

        /** Whether this replica has what the store has. */
        boolean isFresh();
    }
}
