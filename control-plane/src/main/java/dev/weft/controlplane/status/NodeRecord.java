package dev.weft.controlplane.status;

import dev.weft.controlplane.cluster.NodeObservation;
import dev.weft.controlplane.cluster.RowObservation;
import dev.weft.controlplane.model.NodeName;
import dev.weft.node.v1.Report;
import dev.weft.node.v1.RowKey;
import dev.weft.node.v1.RowStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of one node. Guarded by the board's lock. */
final class NodeRecord {

    private static final Comparator<RowKey> KEY_ORDER =
            Comparator.comparing(RowKey::getKindValue).thenComparing(RowKey::getId);

    /** Only what is of interest: of a large network a node has thousands of rows, all of them well. */
    private Map<RowKey, RowObservation> statuses = new HashMap<>();

    /** The other replica that observes the node; empty while this one does. */
    private Optional<String> elsewhere = Optional.empty();

    private long registeredAt;
    private long version;
    private long settledElsewhere;
    private boolean connected;
    private boolean firstReportDue;
    private Optional<Instant> lastSeen = Optional.empty();
    private long desiredRevision;
    private long appliedRevision;
    private Map<String, Long> driftRepaired = Map.of();
    private long trackedConnections;
    private List<String> hostWarnings = List.of();

    /** As another replica observes it. */
    static NodeRecord of(NodeObservation observation) {
        NodeRecord record = new NodeRecord();
        record.elsewhere = Optional.of(observation.replica());
        record.registeredAt = observation.registeredAt();
        record.version = observation.version();
        record.settledElsewhere = observation.settledRevision();
        record.connected = observation.connected();
        record.firstReportDue = !observation.reported();
        record.lastSeen = observation.lastSeen();
        record.desiredRevision = observation.desiredRevision();
        record.appliedRevision = observation.appliedRevision();
        record.driftRepaired = observation.driftRepaired();
        record.trackedConnections = observation.trackedConnections();
        record.hostWarnings = observation.hostWarnings();
        observation.rows().forEach(row -> record.statuses.put(row.status().getKey(), row));
        return record;
    }

    /** For the other replicas. */
    NodeObservation observation(NodeName node, String replica, long settledRevision) {
        version++;
        return new NodeObservation(
                node,
                registeredAt,
                version,
                replica,
                connected,
                lastSeen,
                desiredRevision,
                appliedRevision,
                settledRevision,
                !firstReportDue,
                driftRepaired,
                trackedConnections,
                hostWarnings,
                List.copyOf(statuses.values()));
    }

    /** A node has a row for each of its peers, whose state nobody asks for unless it is bad. */
    private static boolean isOfInterest(RowStatus status) {
        return switch (status.getKey().getKind()) {
            case ROW_KIND_SANDBOX, ROW_KIND_ENDPOINT -> true;
            case ROW_KIND_NETWORK, ROW_KIND_VTEP, ROW_KIND_PEER, ROW_KIND_UNSPECIFIED, UNRECOGNIZED ->
                status.getState() == dev.weft.api.v1.ObjectStatus.State.FAILED;
        };
    }

    boolean isOlderThan(NodeObservation observation) {
        return observation.isNewerThan(registeredAt, version);
    }

    Optional<String> elsewhere() {
        return elsewhere;
    }

    long registeredAt() {
        return registeredAt;
    }

    /** As told by the replica that observes the node. */
    long settledElsewhere() {
        return settledElsewhere;
    }

    /** @param registration the store's revision at which the stream's registration was written */
    void connect(long registration, Instant now) {
        elsewhere = Optional.empty();
        // Observations of a stream that this replica had for the same registration, before it was started anew, are
        // older.
        version = registration == registeredAt ? version : 0;
        registeredAt = registration;
        connected = true;
        firstReportDue = true;
        lastSeen = Optional.of(now);
        desiredRevision = 0;
        appliedRevision = 0;
    }

    void disconnect(Instant now) {
        connected = false;
        lastSeen = Optional.of(now);
    }

    void desire(long revision) {
        desiredRevision = revision;
    }

    /**
     * Takes a report.
     *
     * @param newest the newest revision that any node was told of: one beyond it is of another store, a lost one say,
     *     that the node's cache still comes from
     * @return whether it says anything that somebody may wait for at another replica
     */
    boolean report(Report report, long newest, Instant now) {
        lastSeen = Optional.of(now);
        if (report.getAppliedRevision() <= newest) {
            appliedRevision = Math.max(appliedRevision, report.getAppliedRevision());
        }
        driftRepaired = Map.copyOf(report.getDriftRepairedMap());
        if (report.getTrackedConnections() > 0) {
            trackedConnections = report.getTrackedConnections();
        }
        if (report.hasWarnings()) {
            hostWarnings = List.copyOf(report.getWarnings().getTextsList());
        }
        Map<RowKey, RowObservation> before = statuses;
        boolean urgent = firstReportDue;
        if (firstReportDue) {
            // The first report after welcome has all rows: what is not in it is not on the node.
            statuses = new HashMap<>();
            firstReportDue = false;
        }
        for (RowStatus status : report.getStatusesList()) {
            Optional<RowObservation> old = Optional.ofNullable(before.get(status.getKey()));
            boolean kept = !status.getRemoved() && isOfInterest(status);
            urgent |= kept || old.isPresent();
            if (kept) {
                Instant since = old.filter(known -> saysTheSame(known.status(), status))
                        .map(RowObservation::since)
                        .orElse(now);
                statuses.put(status.getKey(), new RowObservation(status, since));
            } else {
                statuses.remove(status.getKey());
            }
        }
        return urgent;
    }

    private static boolean saysTheSame(RowStatus one, RowStatus other) {
        return one.getState() == other.getState() && one.getMessage().equals(other.getMessage());
    }

    void forget(RowKey key) {
        statuses.remove(key);
    }

    Optional<RowObservation> status(RowKey key) {
        return Optional.ofNullable(statuses.get(key));
    }

    boolean connected() {
        return connected;
    }

    /** Whether this stream's first report, which has all rows, has come. */
    boolean hasReported() {
        return connected && !firstReportDue;
    }

    Optional<Instant> lastSeen() {
        return lastSeen;
    }

    long desiredRevision() {
        return desiredRevision;
    }

    long appliedRevision() {
        return appliedRevision;
    }

    /** @param self this replica's name */
    NodeLiveness liveness(String self) {
        return new NodeLiveness(
                connected,
                connected ? Optional.of(elsewhere.orElse(self)) : Optional.empty(),
                lastSeen,
                desiredRevision,
                appliedRevision,
                driftRepaired,
                problems(),
                trackedConnections);
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        statuses.values().stream()
                .map(RowObservation::status)
                .filter(status -> status.getState() == dev.weft.api.v1.ObjectStatus.State.FAILED)
                .sorted(Comparator.comparing(RowStatus::getKey, KEY_ORDER))
                .forEach(status -> problems.add(name(status.getKey()) + ": " + status.getMessage()));
        hostWarnings.forEach(warning -> problems.add("warning: " + warning));
        return problems;
    }

    private static String name(RowKey key) {
        String kind = switch (key.getKind()) {
            case ROW_KIND_NETWORK -> "network";
            case ROW_KIND_VTEP -> "VTEP";
            case ROW_KIND_PEER -> "peer";
            case ROW_KIND_SANDBOX -> "sandbox";
            case ROW_KIND_ENDPOINT -> "endpoint";
            case ROW_KIND_UNSPECIFIED, UNRECOGNIZED -> "row";
        };
        return kind + " " + (key.getId().length() == 64 ? key.getId().substring(0, 12) : key.getId());
    }
}
