package dev.weft.controlplane.service;

import dev.weft.controlplane.model.Node;
import dev.weft.controlplane.model.NodeName;
import dev.weft.controlplane.model.Versioned;

/** Registers a node when its stream opens. */
public interface NodeRegistrar {

    /**
     * Stores the node's facts under a new epoch, in one transaction; at the first registration also its networks
     * {@code bridge}, {@code host} and {@code none}.
     *
     * @return the node as stored, and the revision at which that was
     */
    Versioned<Node> register(NodeName name, Node.Facts facts);
}
