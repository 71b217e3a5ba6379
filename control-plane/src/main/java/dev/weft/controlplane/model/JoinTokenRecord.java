package dev.weft.controlplane.model;

import dev.weft.trust.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of a join token: not its secret.
 *
 * @param node which node may join with it; empty: any
 * @param socketRole of those who use the node's own socket; empty: what concerns their node
 * @param creator who made it
 * @param use set when a node has joined with it
 */
public record JoinTokenRecord(
        Optional<NodeName> node,
        Optional<Role> socketRole,
        Instant createTime,
        Instant expireTime,
        String creator,
        Optional<Use> use) {

    /**
     * Who used it, once.
     *
     * @param keyHash SHA-256 of the public key, hexadecimal: its owner may ask for the certificate again
     * @param certificate X.509, DER, hexadecimal
     */
    public record Use(NodeName node, Instant time, String keyHash, String certificate) {}

    public JoinTokenRecord usedBy(Use by) {
        return new JoinTokenRecord(node, socketRole, createTime, expireTime, creator, Optional.of(by));
    }
}
