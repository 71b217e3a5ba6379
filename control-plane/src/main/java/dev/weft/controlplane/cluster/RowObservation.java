package dev.weft.controlplane.cluster;

import dev.weft.node.v1.RowStatus;
import java.time.Instant;

/** A row's last report, and when it first was so. */
public record RowObservation(RowStatus status, Instant since) {}
