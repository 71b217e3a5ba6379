package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.authorization.Caller;
import dev.weft.controlplane.callers.CallerContext;
import dev.weft.controlplane.callers.Peer;
import dev.weft.controlplane.model.NodeName;
import io.grpc.Context;
import java.util.Optional;

/** What the interceptors learned of the call that the current thread serves. */
final class RequestContext {

    static final Context.Key<String> SERVER_REQUEST_ID = Context.keyWithDefault("weft-server-request-id", "-");
    static final Context.Key<Optional<NodeName>> VIA_NODE = Context.keyWithDefault("weft-via-node", Optional.empty());

    static final Context.Key<Optional<NodeName>> CONFINED_TO =
            Context.keyWithDefault("weft-confined-to", Optional.empty());
    static final Context.Key<Optional<Peer>> PEER = Context.keyWithDefault("weft-peer", Optional.empty());

    private RequestContext() {}

    /** Who calls, as the connection proves it. */
    static Caller caller() {
        return CallerContext.current();
    }

    /** The node whose own things the call may be about; empty: any. */
    static Optional<NodeName> confinedTo() {
        return CONFINED_TO.get();
    }

    /** The connection's other end. */
    static Optional<Peer> peer() {
        return PEER.get();
    }

    /** Names the request in the log and in error details. */
    static String serverRequestId() {
        return SERVER_REQUEST_ID.get();
    }

    /** The node whose socket the request came through. */
    static Optional<NodeName> viaNode() {
        return VIA_NODE.get();
    }
}
