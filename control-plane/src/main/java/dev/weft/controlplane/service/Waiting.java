package dev.weft.controlplane.service;

import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.status.ObservedStatus;
import dev.weft.controlplane.status.StatusBoard;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a node to do what was stored. */
final class Waiting {

    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

    private Waiting() {}

    /** A wait for a status. */
    @FunctionalInterface
    interface StatusWait {
        ObservedStatus await() throws InterruptedException;
    }

    /**
     * Waits; if the node failed, takes the object back.
     *
     * @throws ServiceException with the node's message if it failed
     */
    static void await(StatusWait wait, String what, NodeName node, Runnable takeBack) {
        ObservedStatus status;
        try {
            status = wait.await();
        } catch (InterruptedException e) {
            throw Transactor.interrupted(e);
        }
        if (status instanceof ObservedStatus.Failed(String message, var _, var _)) {
            String outcome;
            try {
                takeBack.run();
                outcome = "it has been taken back";
            } catch (RuntimeException e) {
                LOG.error("Could not take {} back after its node failed", what, e);
                outcome = "taking it back failed, too: " + e.getMessage();
            }
            throw new ServiceException(
                            Reason.NODE_APPLY_FAILED,
                            "node " + node + " could not set up " + what + ": " + message + "; " + outcome)
                    .with("node", node.value());
        }
    }

    /** Waits again each time a failure could be covered by fallbacks: what did not fail may still be under way. */
    static StatusWait covered(StatusWait wait, BooleanSupplier cover) {
        return () -> {
            ObservedStatus status = wait.await();
            while (status instanceof ObservedStatus.Failed && cover.getAsBoolean()) {
                status = wait.await();
            }
            return status;
        };
    }

    static void awaitRemoval(StatusBoard status, NodeName node, long revision, Duration wait) {
        try {
            if (!status.awaitApplied(node, revision, wait)) {
                LOG.info("Node {} has not applied revision {} within {}", node, revision, wait);
            }
        } catch (InterruptedException e) {
            throw Transactor.interrupted(e);
        }
    }

    /** The call under which something is taken back: the server's own, not the repetition of the client's. */
    static Call takeBack(Call call) {
        return new Call(call.method(), Optional.empty(), Call.Mode.COMMIT, call.viaNode());
    }
}
