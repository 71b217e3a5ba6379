package dev.weft.controlplane.cluster.hazelcast;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.weft.controlplane.cluster.NodeObservation;
import dev.weft.controlplane.cluster.RowObservation;
import dev.weft.controlplane.model.NodeName;
import java.time.Instant;
import java.util.Optional;

/** Observations as bytes: protobuf, so that replicas of two versions understand each other during an upgrade. */
final class ObservationCodec {

    private ObservationCodec() {}

    static byte[] encode(NodeObservation observation) {
        dev.weft.cluster.v1.NodeObservation.Builder message = dev.weft.cluster.v1.NodeObservation.newBuilder()
                .setNode(observation.node().value())
                .setRegisteredAt(observation.registeredAt())
                .setVersion(observation.version())
                .setReplica(observation.replica())
                .setConnected(observation.connected())
                .setDesiredRevision(observation.desiredRevision())
                .setAppliedRevision(observation.appliedRevision())
                .setSettledRevision(observation.settledRevision())
                .setReported(observation.reported())
                .putAllDriftRepaired(observation.driftRepaired())
                .setTrackedConnections(observation.trackedConnections())
                .addAllHostWarnings(observation.hostWarnings());
        observation.lastSeen().ifPresent(time -> message.setLastSeen(timestamp(time)));
        observation
                .rows()
                .forEach(row -> message.addRows(dev.weft.cluster.v1.RowObservation.newBuilder()
                        .setStatus(row.status())
                        .setSince(timestamp(row.since()))));
        return message.build().toByteArray();
    }

    /** @throws IllegalArgumentException for bytes that are no observation */
    static NodeObservation decode(byte[] bytes) {
        dev.weft.cluster.v1.NodeObservation message = parse(bytes);
        return new NodeObservation(
                new NodeName(message.getNode()),
                message.getRegisteredAt(),
                message.getVersion(),
                message.getReplica(),
                message.getConnected(),
                message.hasLastSeen() ? Optional.of(instant(message.getLastSeen())) : Optional.empty(),
                message.getDesiredRevision(),
                message.getAppliedRevision(),
                message.getSettledRevision(),
                message.getReported(),
                message.getDriftRepairedMap(),
                message.getTrackedConnections(),
                message.getHostWarningsList(),
                message.getRowsList().stream()
                        .map(row -> new RowObservation(row.getStatus(), instant(row.getSince())))
                        .toList());
    }

    static dev.weft.cluster.v1.NodeObservation parse(byte[] bytes) {
        try {
            return dev.weft.cluster.v1.NodeObservation.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not an observation of a node: " + e.getMessage(), e);
        }
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
