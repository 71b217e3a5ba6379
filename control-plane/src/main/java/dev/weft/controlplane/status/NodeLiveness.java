package dev.weft.controlplane.status;

import java.time.Duration;
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
        long trackedConnections) {

    /** How long a node that dials again, after its daemon or the replica that had its stream was restarted, may take. */
    public static final Duration MOVE = Duration.ofSeconds(5);

    /** Whether it has no stream, and had one just now: that may be moving to this replica, or to another. */
    public boolean mayBeMoving(Instant now) {
        return !connected && lastSeen.filter(now.minus(MOVE)::isBefore).isPresent();
    }
}
