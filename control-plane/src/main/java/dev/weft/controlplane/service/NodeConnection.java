package dev.weft.controlplane.service;

import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.status.NodeLiveness;
import java.time.Duration;
import java.time.Instant;

/** Whether a node is there to do what is asked of it. */
final class NodeConnection {

    private NodeConnection() {}

    /**
     * How long a node that dials again, after its daemon or the replica that had its stream was restarted, may take.
     */
    private static final Duration MOVE = Duration.ofSeconds(5);

    /**
     * Waits for a node that was there just now: its stream may be moving to another replica.
     *
     * @throws ServiceException if the node's stream is not open
     */
    static void require(Core core, NodeName node) {
        NodeLiveness liveness = core.status().node(node);
        Instant lately = core.clock().instant().minus(MOVE);
        if (!liveness.connected()
                && liveness.lastSeen().filter(lately::isBefore).isPresent()) {
            try {
                liveness = core.status().awaitConnected(node, MOVE);
            } catch (InterruptedException e) {
                throw Transactor.interrupted(e);
            }
        }
        if (!liveness.connected()) {
            String since = liveness.lastSeen()
                    .map(time -> "last seen at " + time)
                    .orElse("not seen since the control plane started");
            throw new ServiceException(
                            Reason.NODE_NOT_CONNECTED,
                            "node " + node + " is not connected (" + since
                                    + "); start weft-node there, or choose another")
                    .with("node", node.value());
        }
    }
}
