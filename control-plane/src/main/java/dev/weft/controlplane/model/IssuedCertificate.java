package dev.weft.controlplane.model;

import dev.weft.trust.Identity;
import java.time.Duration;
import java.time.Instant;

/** A certificate that a control plane has issued. */
public record IssuedCertificate(Identity identity, Instant issueTime, Instant expireTime) {

    /** No certificate of a node or a user lives longer: the bound that browsers once set for servers. */
    public static final Duration LONGEST_LIFETIME = Duration.ofDays(825);
}
