package dev.weft.controlplane.model;

import java.time.Instant;

/**
 * Certificates that do not count any more: one by its serial number, or all of a subject that are valid from the time of the
 * revocation or an earlier one.
 *
 * @param expireTime when none of them can be valid any more, so that this may be forgotten
 * @param revoker who did it
 */
public record Revocation(Instant revokeTime, Instant expireTime, String revoker) {}
