package dev.weft.controlplane.cluster;

import dev.weft.controlplane.model.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one replica tells the others of a node whose stream it has, or had.
 *
 * @param registeredAt the store's revision at which the stream's registration was written: unlike an epoch it grows
 *     also when a node is removed and comes again
 * @param version grows with each observation of one registration
 * @param replica the name of the one that observes
 * @param settledRevision everything up to it has been applied, whether it brought the node anything or not
 * @param reported whether the stream's first report, which has all rows, has come
 * @param rows those of sandboxes and endpoints, and of other rows those that failed
 */
public record NodeObservation(
        NodeName node,
        long registeredAt,
        long version,
        String replica,
        boolean connected,
        Optional<Instant> lastSeen,
        long desiredRevision,
        long appliedRevision,
        long settledRevision,
        boolean reported,
        Map<String, Long> driftRepaired,
        long trackedConnections,
        List<String> hostWarnings,
        List<RowObservation> rows) {

    public NodeObservation {
        driftRepaired = Map.copyOf(driftRepaired);
        hostWarnings = List.copyOf(hostWarnings);
        rows = List.copyOf(rows);
    }

    /** Whether it counts where one of that registration and version is known. */
    public boolean isNewerThan(long otherRegisteredAt, long otherVersion) {
        return registeredAt > otherRegisteredAt || (registeredAt == otherRegisteredAt && version > otherVersion);
    }
}
