package dev.weft.node.config;

import dev.weft.trust.JoinToken;
import java.util.Optional;

/** How the daemon and the control plane know each other. */
public sealed interface Security {

    /** Not at all: {@code --insecure}, or by a unix socket, where none is needed. */
    record None() implements Security {}

    /**
     * By certificates: the node's is in its state directory, and comes from a token if it is not there yet.
     *
     * @param token with which to join, if the node has not joined with it before
     */
    record Certificates(Optional<JoinToken> token) implements Security {}
}
