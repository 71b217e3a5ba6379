package dev.weft.controlplane.service;

import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.status.NodeLiveness;

/** Whether a node is there to do what is asked of it. */
final class NodeConnection {

    private NodeConnection() {}

    /**
     * Waits for a node that was there just now: its stream may be moving to another replica.
     *
     * @throws ServiceException if the node's stream is not open
     */
    static void require(Core core, NodeName node) {
        NodeLiveness liveness = core.status().node(node);
        if (liveness.mayBeMoving(core.clock().instant())) {
            try {
                liveness = core.status().awaitConnected(node, NodeLiveness.MOVE);
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
