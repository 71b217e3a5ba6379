package dev.weft.controlplane.status;

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

    /** A row's last report, and when it first was so. */
    record Reported(RowStatus status, Instant since) {}

    private final Map<RowKey, Reported> statuses = new HashMap<>();
    private boolean connected;
    private boolean firstReportDue;
    private Optional<Instant> lastSeen = Optional.empty();
    private long desiredRevision;
    private long appliedRevision;
    private Map<String, Long> driftRepaired = Map.of();
    private long trackedConnections;
    private List<String> hostWarnings = List.of();

    void connect(Instant now) {
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
     */
    void report(Report report, long newest, Instant now) {
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
        Map<RowKey, Reported> before = Map.copyOf(statuses);
        if (firstReportDue) {
            // The first report after welcome has all rows: what is not in it is not on the node.
            statuses.clear();
            firstReportDue = false;
        }
        for (RowStatus status : report.getStatusesList()) {
            if (status.getRemoved()) {
                statuses.remove(status.getKey());
                continue;
            }
            Instant since = Optional.ofNullable(before.get(status.getKey()))
                    .filter(old -> saysTheSame(old.status(), status))
                    .map(Reported::since)
                    .orElse(now);
            statuses.put(status.getKey(), new Reported(status, since));
        }
    }

    private static boolean saysTheSame(RowStatus one, RowStatus other) {
        return one.getState() == other.getState() && one.getMessage().equals(other.getMessage());
    }

    void forget(RowKey key) {
        statuses.remove(key);
    }

    Optional<Reported> status(RowKey key) {
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

    NodeLiveness liveness() {
        return new NodeLiveness(
                connected, lastSeen, desiredRevision, appliedRevision, driftRepaired, problems(), trackedConnections);
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        statuses.values().stream()
                .map(Reported::status)
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
