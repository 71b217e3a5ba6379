package dev.weft.controlplane.service;

import dev.weft.controlplane.model.NodeName;
import java.util.Optional;

/**
 * What surrounds a request.
 *
 * @param method full gRPC method name
 * @param request what makes a repetition recognisable; empty where the caller gave no id
 * @param viaNode the node that the request comes through
 */
public record Call(String method, Optional<RequestIdentity> request, Mode mode, Optional<NodeName> viaNode) {

    /** Whether the request is to have an effect. */
    public enum Mode {
        COMMIT,
        /** Decide everything, write nothing. */
        VALIDATE_ONLY
    }

    /**
     * The caller's id of the request, and a hash of its content.
     *
     * @param hash in hexadecimal
     */
    public record RequestIdentity(String id, String hash) {}
}
