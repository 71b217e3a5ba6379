package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.model.NodeName;
import io.grpc.Context;
import java.util.Optional;

/** What the interceptors learned of the call that the current thread serves. */
final class RequestContext {

    static final Context.Key<String> SERVER_REQUEST_ID = Context.keyWithDefault("weft-server-request-id", "-");
    static final Context.Key<Optional<NodeName>> VIA_NODE = Context.keyWithDefault("weft-via-node", Optional.empty());

    private RequestContext() {}

    /** Names the request in the log and in error details. */
    static String serverRequestId() {
        return SERVER_REQUEST_ID.get();
    }

    /** The node whose socket the request came through. */
    static Optional<NodeName> viaNode() {
        return VIA_NODE.get();
    }
}
