package dev.weft.controlplane.service;

import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;
import java.time.Instant;
import java.util.Optional;

/** Registers a node when its stream opens. */
public interface NodeRegistrar {

    /**
     * Stores the node's facts under a new epoch, in one transaction; at the first registration also its networks
     * {@code bridge}, {@code host} and {@code none}.
     *
     * @param certifiedSince when the certificate became valid that the node has; empty where none is asked for
     * @return the node as stored, and the revision at which that was
     * @throws ServiceException with {@link Reason#NODE_REMOVED} if the node was removed since then
     */
    Versioned<Node> register(NodeName name, Node.Facts facts, Optional<Instant> certifiedSince);
}
