package dev.weft.controlplane.api.grpc;

import com.google.protobuf.Timestamp;
import dev.weft.api.v1.Bandwidth;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.EndpointSpec;
import dev.weft.api.v1.LimitUse;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.NodeStatus;
import dev.weft.api.v1.ObjectStatus;
import dev.weft.api.v1.PortSpec;
import dev.weft.api.v1.RetainedAddress;
import dev.weft.api.v1.Sandbox;
import dev.weft.controlplane.admission.BandwidthRequest;
import dev.weft.controlplane.admission.EndpointRequest;
import dev.weft.controlplane.admission.PortRequest;
import dev.weft.controlplane.codec.ApiMapping;
import dev.weft.controlplane.filter.Filter;
import dev.weft.controlplane.service.EndpointDetails;
import dev.weft.controlplane.service.NetworkOperations;
import dev.weft.controlplane.service.NodeOperations;
import dev.weft.controlplane.service.SandboxOperations;
import dev.weft.controlplane.status.ObservedStatus;
import dev.weft.net.MacAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Use cases' results as messages, and parts of messages as use cases take them. */
final class Messages {

    /** Of a {@code google.protobuf.Duration}: 10 000 years. */
    private static final long MAX_SECONDS = 315_576_000_000L;

    private Messages() {}

    static Network network(NetworkOperations.Details details) {
        Network.Builder network = ApiMapping.network(details.network())
                .addAllEndpoints(
                        details.endpoints().stream().map(Messages::endpoint).toList());
        details.retained()
                .forEach((address, retention) -> network.addRetainedAddresses(RetainedAddress.newBuilder()
                        .setAddress(address.toString())
                        .setSandboxName(retention.sandboxName())
                        .setUntil(timestamp(retention.until()))
                        .setMacAddress(retention.mac().map(MacAddress::toString).orElse(""))));
        return network.build();
    }

    static Endpoint endpoint(EndpointDetails details) {
        return ApiMapping.endpoint(details.endpoint(), details.network(), details.sandbox())
                .setStatus(status(details.status()))
                .build();
    }

    static Sandbox sandbox(SandboxOperations.Details details) {
        return ApiMapping.sandbox(details.sandbox())
                .addAllEndpoints(
                        details.endpoints().stream().map(Messages::endpoint).toList())
                .setStatus(status(details.status()))
                .build();
    }

    static Node node(NodeOperations.Details details) {
        NodeStatus.Builder status = NodeStatus.newBuilder()
                .setConnected(details.liveness().connected())
                .setDesiredRevision(details.liveness().desiredRevision())
                .setAppliedRevision(details.liveness().appliedRevision())
                .setSandboxes(details.sandboxes())
                .setEndpoints(details.endpoints())
                .putAllDriftRepaired(details.liveness().driftRepaired())
                .addAllProblems(details.liveness().problems());
        details.limits()
                .forEach(use -> status.addLimits(LimitUse.newBuilder()
                        .setName(use.subject())
                        .setUsed(use.used())
                        .setLimit(use.allowed())
                        .setWarning(use.warning().orElse(""))));
        details.liveness().replica().ifPresent(status::setReplica);
        details.liveness().lastSeen().map(Messages::timestamp).ifPresent(status::setLastSeen);
        return ApiMapping.node(details.node()).setStatus(status).build();
    }

    static ObjectStatus status(ObservedStatus status) {
        return switch (status) {
            case ObservedStatus.Pending(String message) ->
                ObjectStatus.newBuilder()
                        .setState(ObjectStatus.State.PENDING)
                        .setMessage(message)
                        .build();
            case ObservedStatus.Ready(long revision, Instant since) ->
                ObjectStatus.newBuilder()
                        .setState(ObjectStatus.State.READY)
                        .setObservedRevision(revision)
                        .setSince(timestamp(since))
                        .build();
            case ObservedStatus.Failed(String message, long revision, Instant since) ->
                ObjectStatus.newBuilder()
                        .setState(ObjectStatus.State.FAILED)
                        .setMessage(message)
                        .setObservedRevision(revision)
                        .setSince(timestamp(since))
                        .build();
        };
    }

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static EndpointRequest endpointRequest(EndpointSpec spec) {
        return new EndpointRequest(
                spec.getNetwork(),
                spec.getIpv4Address(),
                spec.getIpv6Address(),
                spec.getMacAddress(),
                spec.getAliasesList(),
                spec.getDriverOptionsMap(),
                spec.getGatewayPriority(),
                spec.getFallbackList(),
                bandwidthRequest(spec.getBandwidth()),
                spec.hasRetainIp() ? Optional.of(duration(spec.getRetainIp())) : Optional.empty(),
                spec.getLinkLocalAddressesList());
    }

    static BandwidthRequest bandwidthRequest(Bandwidth bandwidth) {
        return new BandwidthRequest(bandwidth.getIngressBitsPerSecond(), bandwidth.getEgressBitsPerSecond());
    }

    /** One that is no proper duration becomes a negative one: admission says where. */
    private static Duration duration(com.google.protobuf.Duration duration) {
        boolean proper = duration.getSeconds() >= 0
                && duration.getSeconds() <= MAX_SECONDS
                && duration.getNanos() >= 0
                && duration.getNanos() < 1_000_000_000;
        return Duration.ofSeconds(proper ? duration.getSeconds() : -1, proper ? duration.getNanos() : 0);
    }

    static List<PortRequest> portRequests(List<PortSpec> specs) {
        return specs.stream()
                .map(spec -> new PortRequest(
                        spec.getHostAddress(),
                        spec.getHostPort(),
                        spec.getHostPortEnd(),
                        spec.getContainerPort(),
                        spec.getContainerPortEnd(),
                        ApiMapping.protocol(spec.getProtocol())))
                .toList();
    }

    static List<Filter> filters(List<dev.weft.api.v1.Filter> filters) {
        return filters.stream()
                .map(filter -> new Filter(filter.getKey(), filter.getValue()))
                .toList();
    }
}
