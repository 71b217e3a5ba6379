package dev.weft.cli.view;

import dev.weft.api.v1.Endpoint;
import dev.weft.api.v1.EndpointMode;
import dev.weft.api.v1.Sandbox;
import dev.weft.api.v1.SandboxMode;
import dev.weft.cli.output.Durations;
import dev.weft.cli.output.Times;
import dev.weft.cli.output.Value;
import dev.weft.net.BitRate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Sandboxes as Docker's inspect shows a container's network settings. */
public final class SandboxView {

    private static final String DEFAULT_NETWORK = "bridge";

    private SandboxView() {}

    public static String mode(SandboxMode mode) {
        return switch (mode) {
            case SANDBOX_MODE_MANAGED -> "managed";
            case SANDBOX_MODE_HOST -> "host";
            case SANDBOX_MODE_EXTERNAL -> "external";
            case SANDBOX_MODE_SHARED -> "shared";
            case SANDBOX_MODE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    /** The mode, and of a shared one whose namespace it is: as Docker writes it. */
    private static String mode(Sandbox sandbox, boolean wholeId) {
        return sandbox.getMode() == SandboxMode.SANDBOX_MODE_SHARED
                ? "container:" + Ids.shorten(sandbox.getSharedSandboxId(), wholeId)
                : mode(sandbox.getMode());
    }

    /** One row of ls, as its templates see it. */
    public static Value.Fields row(Sandbox sandbox, boolean wholeId, Instant now) {
        return Value.object()
                .put("ID", Ids.shorten(sandbox.getId(), wholeId))
                .put("Name", sandbox.getName())
                .put("Names", sandbox.getName())
                .put("Node", sandbox.getNode())
                .put("Mode", mode(sandbox, wholeId))
                .put("Status", Statuses.word(sandbox.getStatus().getState()) + fallback(sandbox))
                .put("CreatedAt", Times.rfc3339(sandbox.getCreateTime()))
                .put("Created", Times.ago(Times.instant(sandbox.getCreateTime()), now))
                .put("Networks", networks(sandbox))
                .put("Addresses", addresses(sandbox))
                .put("Ports", PortView.summary(sandbox))
                .put("Labels", NetworkView.labels(sandbox.getLabelsMap()))
                .build();
    }

    public static Value inspect(Sandbox sandbox) {
        return Value.object()
                .put("Id", sandbox.getId())
                .put("Created", Times.rfc3339(sandbox.getCreateTime()))
                .put("Name", sandbox.getName())
                .put("Node", sandbox.getNode())
                .put("Mode", mode(sandbox.getMode()))
                .put("State", Statuses.inspect(sandbox.getStatus()))
                .put(
                        "Config",
                        Value.object()
                                .put("Hostname", sandbox.getHostname())
                                .put("Labels", Value.of(sandbox.getLabelsMap()))
                                .build())
                .put(
                        "HostConfig",
                        Value.object()
                                .put("NetworkMode", sandbox.getSharedSandboxId().isEmpty() ? "" : mode(sandbox, true))
                                .put("Dns", Value.of(sandbox.getDnsServersList()))
                                .put("DnsSearch", Value.of(sandbox.getDnsSearchList()))
                                .put("DnsOptions", Value.of(sandbox.getDnsOptionsList()))
                                .put("ExtraHosts", Value.of(sandbox.getExtraHostsList()))
                                .build())
                .put("NetworkSettings", networkSettings(sandbox))
                .put("Revision", sandbox.getRevision())
                .build();
    }

    private static List<Endpoint> sorted(Sandbox sandbox) {
        return sandbox.getEndpointsList().stream()
                .sorted(Comparator.comparing(Endpoint::getNetworkName))
                .toList();
    }

    /** Which endpoints are not on their networks: empty when all are. */
    private static String fallback(Sandbox sandbox) {
        String fallen = sorted(sandbox).stream()
                .filter(endpoint -> endpoint.getMode() != EndpointMode.ENDPOINT_MODE_NETWORK)
                .map(endpoint -> endpoint.getNetworkName() + ": " + mode(endpoint.getMode()))
                .collect(Collectors.joining(", "));
        return fallen.isEmpty() ? "" : " (" + fallen + ")";
    }

    static String mode(EndpointMode mode) {
        return switch (mode) {
            case ENDPOINT_MODE_NETWORK -> "network";
            case ENDPOINT_MODE_HOST -> "host";
            case ENDPOINT_MODE_NONE -> "none";
            case UNRECOGNIZED -> "";
        };
    }

    private static String networks(Sandbox sandbox) {
        return sorted(sandbox).stream().map(Endpoint::getNetworkName).collect(Collectors.joining(","));
    }

    private static String addresses(Sandbox sandbox) {
        return sorted(sandbox).stream()
                .flatMap(endpoint -> java.util.stream.Stream.of(endpoint.getIpv4Address(), endpoint.getIpv6Address()))
                .filter(address -> !address.isEmpty())
                .collect(Collectors.joining(","));
    }

    private static Value networkSettings(Sandbox sandbox) {
        Endpoint onDefault = sandbox.getEndpointsList().stream()
                .filter(endpoint -> endpoint.getNetworkName().equals(DEFAULT_NETWORK))
                .findFirst()
                .orElse(Endpoint.getDefaultInstance());
        Value.Builder networks = Value.object();
        for (Endpoint endpoint : sorted(sandbox)) {
            networks.put(endpoint.getNetworkName(), endpointSettings(endpoint));
        }
        // The four plain fields are those of the default bridge, and empty without it, as in Docker.
        return Value.object()
                .put("SandboxID", sandbox.getId())
                .put("SandboxKey", sandbox.getNetnsPath())
                .put("SandboxPid", sandbox.getNetnsPid())
                .put("EndpointID", onDefault.getId())
                .put("Gateway", onDefault.getIpv4Gateway())
                .put("IPAddress", address(onDefault.getIpv4Address()))
                .put("MacAddress", onDefault.getMacAddress())
                .put("Ports", PortView.byContainerPort(sandbox))
                .put("Networks", networks.build())
                .build();
    }

    private static Value endpointSettings(Endpoint endpoint) {
        return Value.object()
                .put("Aliases", Value.of(endpoint.getAliasesList()))
                .put("MacAddress", endpoint.getMacAddress())
                .put("DriverOpts", Value.of(endpoint.getDriverOptionsMap()))
                .put("GwPriority", endpoint.getGatewayPriority())
                .put("NetworkID", endpoint.getNetworkId())
                .put("EndpointID", endpoint.getId())
                .put("Gateway", endpoint.getIpv4Gateway())
                .put("IPAddress", address(endpoint.getIpv4Address()))
                .put("IPPrefixLen", prefixLength(endpoint.getIpv4Address()))
                .put("IPv6Gateway", endpoint.getIpv6Gateway())
                .put("GlobalIPv6Address", address(endpoint.getIpv6Address()))
                .put("GlobalIPv6PrefixLen", prefixLength(endpoint.getIpv6Address()))
                .put("LinkLocalIPs", Value.of(endpoint.getLinkLocalAddressesList()))
                .put("Interface", endpoint.getInterfaceName())
                .put(
                        "Bandwidth",
                        Value.object()
                                .put("Ingress", rate(endpoint.getBandwidth().getIngressBitsPerSecond()))
                                .put("Egress", rate(endpoint.getBandwidth().getEgressBitsPerSecond()))
                                .build())
                .put("State", Statuses.inspect(endpoint.getStatus()))
                .put("RetainIP", endpoint.hasRetainIp() ? Durations.text(endpoint.getRetainIp()) : "")
                .put("Mode", mode(endpoint.getMode()))
                .put(
                        "Fallback",
                        Value.object()
                                .put("Policy", Value.of(endpoint.getFallbackList()))
                                .put("Reason", endpoint.getFallbackReason())
                                .put(
                                        "Since",
                                        endpoint.hasFallbackSince() ? Times.rfc3339(endpoint.getFallbackSince()) : "")
                                .build())
                .build();
    }

    private static String rate(long bits) {
        return bits == 0 ? "none" : new BitRate(bits).toString();
    }

    private static String address(String withPrefix) {
        int slash = withPrefix.indexOf('/');
        return slash < 0 ? withPrefix : withPrefix.substring(0, slash);
    }

    private static long prefixLength(String withPrefix) {
        int slash = withPrefix.indexOf('/');
        return slash < 0 ? 0 : Long.parseLong(withPrefix.substring(slash + 1));
    }
}
