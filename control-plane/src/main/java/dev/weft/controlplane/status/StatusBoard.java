package dev.weft.controlplane.status;

import dev.weft.controlplane.ipam.NodeAnswer;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.SandboxId;
import java.time.Duration;

/** Reads what nodes reported. */
public interface StatusBoard {

    ObservedStatus sandbox(SandboxId id);

    ObservedStatus endpoint(EndpointId id);

    NodeLiveness node(NodeName name);

    /** Whether this replica has the node's stream, and so hears its reports first. */
    boolean isHere(NodeName name);

    /**
     * Waits until the node is connected.
     *
     * @return how it is then, or when the time is over
     */
    NodeLiveness awaitConnected(NodeName name, Duration timeout) throws InterruptedException;

    /**
     * What the node says of an endpoint, whether that is stored or not.
     *
     * @param revision what the node has to have applied before its silence about the endpoint counts
     */
    NodeAnswer endpointOn(NodeName node, EndpointId id, long revision);

    /**
     * Waits until the sandbox and all its endpoints are ready at the revision or later, or one has failed at it.
     *
     * @return the worst status at the end of the wait: Pending on time-out
     */
    ObservedStatus awaitSandbox(SandboxId id, long revision, Duration timeout) throws InterruptedException;

    ObservedStatus awaitEndpoint(EndpointId id, long revision, Duration timeout) throws InterruptedException;

    /**
     * Waits until the node has applied the revision (removals included).
     *
     * @return whether it has, within the time
     */
    boolean awaitApplied(NodeName node, long revision, Duration timeout) throws InterruptedException;
}
