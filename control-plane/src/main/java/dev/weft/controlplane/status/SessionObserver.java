package dev.weft.controlplane.status;

import dev.weft.controlplane.model.NodeName;
import dev.weft.node.v1.Report;

/** Learns what the streams of nodes show. Called in the order of events, one at a time for a node; must not block. */
public interface SessionObserver {

    /**
     * A stream of the node is open. It takes the place of any earlier one.
     *
     * @param registeredAt the store's revision at which its registration was written
     */
    void connected(NodeName node, long registeredAt);

    /** The node has no stream any more. */
    void disconnected(NodeName node);

    /** The newest revision that changes anything for the node; the node has been or will be told. */
    void desired(NodeName node, long revision);

    /** Everything up to the revision is on its way to all nodes that it concerns. */
    void distributed(long revision);

    /** The node reported. */
    void reported(NodeName node, Report report);
}
