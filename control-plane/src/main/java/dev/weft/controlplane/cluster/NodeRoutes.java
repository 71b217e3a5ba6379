package dev.weft.controlplane.cluster;

import dev.weft.controlplane.model.NodeName;
import io.grpc.Channel;
import java.util.Optional;

/** The way to a node whose stream another replica has. */
@FunctionalInterface
public interface NodeRoutes {

    /** For a control plane that works alone. */
    NodeRoutes NONE = _ -> Optional.empty();

    /**
     * To the replica that has the node's stream; empty if none is known to have it, or the call was passed on already.
     */
    Optional<Channel> route(NodeName node);
}
