package dev.weft.controlplane.status;

import java.time.Instant;

/** What an object's node last said of it. */
public sealed interface ObservedStatus {

    /** No report yet, or the node is away. */
    record Pending(String message) implements ObservedStatus {}

    /** In the kernel as desired at that revision. */
    record Ready(long observedRevision, Instant since) implements ObservedStatus {}

    /** Could not be applied; the message says what was attempted and why it failed. */
    record Failed(String message, long observedRevision, Instant since) implements ObservedStatus {}
}
