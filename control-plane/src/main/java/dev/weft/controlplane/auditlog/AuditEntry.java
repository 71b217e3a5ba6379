package dev.weft.controlplane.auditlog;

import java.time.Instant;

/**
 * One act.
 *
 * @param identity who: node/h1, user/alice, local, unchecked or stranger
 * @param address where it came from; empty for a unix socket
 * @param method full name of the call
 * @param what it was about, such as a sandbox; no secrets; empty where the call was refused before it said
 * @param outcome OK, STARTED for what lasts, or the code of the refusal or failure
 * @param reason why, where the outcome is not OK
 * @param requestId of this control plane's log
 */
public record AuditEntry(
        Instant time,
        String identity,
        String address,
        String method,
        String what,
        String outcome,
        String reason,
        String requestId) {}
