package dev.weft.controlplane.model;

import dev.weft.trust.Identity;
import java.time.Instant;

/** A certificate that a control plane has issued. */
public record IssuedCertificate(Identity identity, Instant issueTime, Instant expireTime) {}
