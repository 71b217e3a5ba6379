package dev.weft.controlplane.model;

import java.time.Instant;

/**
 * Certificates that do not count any more: one by its serial number, or all of a subject that are valid from the time of the
 * revocation or an earlier one.
 *
 * @param expireTime when none of them can be valid any more, so that this may be forgotten
 * @param revoker who did it; empty where a node was removed, since the audit log has it
 */
public record Revocation(Instant revokeTime, Instant expireTime, String revoker, Occasion occasion) {

    /** Why they do not count. */
    public enum Occasion {
        /** Somebody said so. */
        REVOKED,
        /** Their node was removed from the cluster. */
        NODE_REMOVED
    }

    /** Of all that a node has up to now, which is removed from the cluster. */
    public static Revocation ofRemovedNode(Instant now) {
        return new Revocation(now, now.plus(IssuedCertificate.LONGEST_LIFETIME), "", Occasion.NODE_REMOVED);
    }
}
