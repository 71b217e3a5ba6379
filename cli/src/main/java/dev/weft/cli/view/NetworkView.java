package dev.weft.cli.view;

import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.Network;
import dev.weft.api.v1.Scope;
import dev.weft.api.v1.Subnet;
import dev.weft.cli.output.Times;
import dev.weft.cli.output.Value;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Networks in Docker's field names; what Docker has no word for (Node, Revision) comes last. */
public final class NetworkView {

    /** Where Docker shows an overlay's VXLAN identifiers: a comma-separated list, one per subnet. */
    private static final String VXLAN_ID_LIST = "com.docker.network.driver.overlay.vxlanid_list";

    private NetworkView() {}

    public static String scope(Scope scope) {
        return switch (scope) {
            case SCOPE_LOCAL -> "local";
            case SCOPE_GLOBAL -> "global";
            case SCOPE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    /** One row of ls, as its templates see it: every value is a string, as in Docker. */
    public static Value.Fields row(Network network, boolean wholeId) {
        return Value.object()
                .put("CreatedAt", Times.rfc3339(network.getCreateTime()))
                .put("Driver", network.getDriver())
                .put("ID", Ids.shorten(network.getId(), wholeId))
                .put("IPv4", Boolean.toString(network.getEnableIpv4()))
                .put("IPv6", Boolean.toString(network.getEnableIpv6()))
                .put("Internal", Boolean.toString(network.getInternal()))
                .put("Labels", labels(network.getLabelsMap()))
                .put("Name", network.getName())
                .put("Node", network.getNode())
                .put("Scope", scope(network.getScope()))
                .build();
    }

    /** What inspect prints. */
    public static Value inspect(Network network) {
        return Value.object()
                .put("Name", network.getName())
                .put("Id", network.getId())
                .put("Created", Times.rfc3339(network.getCreateTime()))
                .put("Scope", scope(network.getScope()))
                .put("Driver", network.getDriver())
                .put("EnableIPv4", network.getEnableIpv4())
                .put("EnableIPv6", network.getEnableIpv6())
                .put("IPAM", ipam(network))
                .put("Internal", network.getInternal())
                .put("Attachable", network.getAttachable())
                .put("Ingress", false)
                .put(
                        "ConfigFrom",
                        Value.object()
                                .put("Network", network.getConfigFrom().getNetworkName())
                                .build())
                .put("ConfigOnly", network.getConfigOnly())
                .put("Containers", containers(network.getEndpointsList()))
                .put("Options", Value.of(options(network)))
                .put("Labels", Value.of(network.getLabelsMap()))
                .put("RetainedAddresses", retained(network))
                .put("Node", network.getNode())
                .put("Revision", network.getRevision())
                .build();
    }

    static String labels(Map<String, String> labels) {
        return labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }

    private static Value ipam(Network network) {
        // Docker prints null for the networks that it made itself and {} for those made with its CLI.
        Value options = network.getPredefined() && network.getIpamOptionsMap().isEmpty()
                ? Value.Nothing.NULL
                : Value.of(network.getIpamOptionsMap());
        return Value.object()
                .put("Driver", network.getIpamDriver().isEmpty() ? "default" : network.getIpamDriver())
                .put("Options", options)
                .put(
                        "Config",
                        new Value.Items(network.getSubnetsList().stream()
                                .map(NetworkView::subnet)
                                .toList()))
                .build();
    }

    private static Value subnet(Subnet subnet) {
        Value.Builder builder = Value.object().put("Subnet", subnet.getCidr());
        if (!subnet.getIpRange().isEmpty()) {
            builder.put("IPRange", subnet.getIpRange());
        }
        if (!subnet.getGateway().isEmpty()) {
            builder.put("Gateway", subnet.getGateway());
        }
        if (!subnet.getAuxAddressesMap().isEmpty()) {
            builder.put("AuxiliaryAddresses", Value.of(subnet.getAuxAddressesMap()));
        }
        return builder.build();
    }

    private static Value containers(List<Endpoint> endpoints) {
        Value.Builder builder = Value.object();
        endpoints.stream()
                .sorted(Comparator.comparing(Endpoint::getSandboxId))
                .forEach(endpoint -> builder.put(endpoint.getSandboxId(), container(endpoint)));
        return builder.build();
    }

    private static Value container(Endpoint endpoint) {
        return Value.object()
                .put("Name", endpoint.getSandboxName())
                .put("EndpointID", endpoint.getId())
                .put("MacAddress", endpoint.getMacAddress())
                .put("IPv4Address", endpoint.getIpv4Address())
                .put("IPv6Address", endpoint.getIpv6Address())
                .put("Node", endpoint.getNode())
                .build();
    }

    private static Value retained(Network network) {
        return new Value.Items(network.getRetainedAddressesList().stream()
                .map(kept -> (Value) Value.object()
                        .put("Address", kept.getAddress())
                        .put("Name", kept.getSandboxName())
                        .put("MacAddress", kept.getMacAddress())
                        .put("Until", Times.rfc3339(kept.getUntil()))
                        .build())
                .toList());
    }

    private static Map<String, String> options(Network network) {
        String vnis = network.getSubnetsList().stream()
                .filter(subnet -> subnet.getVni() != 0)
                .map(subnet -> Integer.toUnsignedString(subnet.getVni()))
                .collect(Collectors.joining(","));
        Map<String, String> options = new TreeMap<>(network.getOptionsMap());
        if (!vnis.isEmpty()) {
            options.putIfAbsent(VXLAN_ID_LIST, vnis);
        }
        return options;
    }
}
