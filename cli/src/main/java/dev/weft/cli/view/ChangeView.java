package dev.weft.cli.view;

import dev.weft.api.v1.Change;
import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.EndpointMode;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Node;
import dev.weft.api.v1.Sandbox;
import dev.weft.cli.output.JsonWriter;
import dev.weft.cli.output.Times;
import dev.weft.cli.output.Value;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A change as one of Docker's events: an endpoint that comes or goes is a connect or disconnect of its network.
 *
 * @param type network, sandbox or node
 * @param action such as create, destroy, connect
 * @param id of the actor
 */
public record ChangeView(
        String type,
        String action,
        String id,
        String scope,
        Map<String, String> attributes,
        Instant time,
        long revision) {

    public static ChangeView of(Change change) {
        Instant time = Times.instant(change.getTime());
        return switch (change.getEntityCase()) {
            case NETWORK -> ofNetwork(change, change.getNetwork(), time);
            case SANDBOX -> ofSandbox(change, change.getSandbox(), time);
            case ENDPOINT -> ofEndpoint(change, change.getEndpoint(), time);
            case NODE -> ofNode(change, change.getNode(), time);
            case ENTITY_NOT_SET -> new ChangeView("unknown", "unknown", "", "", Map.of(), time, change.getRevision());
        };
    }

    private static ChangeView ofNetwork(Change change, Network network, Instant time) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("name", network.getName());
        attributes.put("type", network.getDriver());
        putUnlessEmpty(attributes, "node", network.getNode());
        String scope = NetworkView.scope(network.getScope());
        return new ChangeView(
                "network", lifecycle(change.getType()), network.getId(), scope, attributes, time, change.getRevision());
    }

    private static ChangeView ofSandbox(Change change, Sandbox sandbox, Instant time) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("name", sandbox.getName());
        attributes.put("node", sandbox.getNode());
        return new ChangeView(
                "sandbox",
                lifecycle(change.getType()),
                sandbox.getId(),
                "local",
                attributes,
                time,
                change.getRevision());
    }

    private static ChangeView ofEndpoint(Change change, Endpoint endpoint, Instant time) {
        String action = switch (change.getType()) {
            case SNAPSHOT -> "connected";
            case CREATED -> "connect";
            case UPDATED -> "update";
            case DELETED -> "disconnect";
            case TYPE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("container", endpoint.getSandboxId());
        attributes.put("name", endpoint.getNetworkName());
        attributes.put("sandbox", endpoint.getSandboxName());
        putUnlessEmpty(attributes, "ipv4", endpoint.getIpv4Address());
        putUnlessEmpty(attributes, "ipv6", endpoint.getIpv6Address());
        putUnlessEmpty(attributes, "node", endpoint.getNode());
        if (endpoint.getMode() != EndpointMode.ENDPOINT_MODE_NETWORK) {
            attributes.put("mode", SandboxView.mode(endpoint.getMode()));
            attributes.put("reason", endpoint.getFallbackReason());
            attributes.put("since", Times.rfc3339(endpoint.getFallbackSince()));
        }
        return new ChangeView("network", action, endpoint.getNetworkId(), "", attributes, time, change.getRevision());
    }

    private static ChangeView ofNode(Change change, Node node, Instant time) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("address", node.getFacts().getVtepAddress());
        attributes.put("epoch", Long.toString(node.getEpoch()));
        return new ChangeView(
                "node", lifecycle(change.getType()), node.getName(), "", attributes, time, change.getRevision());
    }

    private static String lifecycle(Change.Type type) {
        return switch (type) {
            case SNAPSHOT -> "exists";
            case CREATED -> "create";
            case UPDATED -> "update";
            case DELETED -> "destroy";
            case TYPE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    private static void putUnlessEmpty(Map<String, String> attributes, String name, String value) {
        if (!value.isEmpty()) {
            attributes.put(name, value);
        }
    }

    /** One line, as {@code docker events} prints it, with the revision to resume from. */
    public String line() {
        String list = attributes.entrySet().stream()
                .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
                .collect(Collectors.joining(", "));
        return time + " " + type + " " + action + " " + id + " (" + list + ") revision " + revision;
    }

    /** Docker's event object, and the revision. */
    public Value value() {
        Value.Builder texts = Value.object();
        attributes.forEach(texts::put);
        return Value.object()
                .put("Type", type)
                .put("Action", action)
                .put(
                        "Actor",
                        Value.object()
                                .put("ID", id)
                                .put("Attributes", texts.build())
                                .build())
                .put("scope", scope)
                .put("time", time.getEpochSecond())
                .put("timeNano", time.getEpochSecond() * 1_000_000_000L + time.getNano())
                .put("revision", revision)
                .build();
    }

    public String json() {
        return JsonWriter.compact(value());
    }
}
