package dev.weft.controlplane.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node as its stream shows it, to whichever replica.
 *
 * @param lastSeen empty if it was not seen since this process began
 * @param driftRepaired kernel objects repaired since the daemon started, by kind
 * @param replica the name of the one that has the stream; empty while none has
 * @param trackedConnections of the host's kernel, by the last report that told
 */
public record NodeLiveness(
        boolean connected,
        Optional<String> replica,
        Optional<Instant> lastSeen,
        long desiredRevision,
        long appliedRevision,
        Map<String, Long> driftRepaired,
        List<String> problems,
        long trackedConnections) {}
