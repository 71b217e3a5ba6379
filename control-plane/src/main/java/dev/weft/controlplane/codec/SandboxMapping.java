package dev.weft.controlplane.codec;

import static dev.weft.controlplane.codec.Fields.canonical;
import static dev.weft.controlplane.codec.Fields.optional;
import static dev.weft.controlplane.codec.Fields.require;

import dev.weft.api.v1.EndpointMode;
import dev.weft.api.v1.SandboxMode;
import dev.weft.controlplane.model.Endpoint;
import dev.weft.controlplane.model.EndpointId;
import dev.weft.controlplane.model.Fallback;
import dev.weft.controlplane.model.NameSettings;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.SandboxId;
import dev.weft.net.Bandwidth;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Sandboxes and their endpoints. */
final class SandboxMapping {

    private SandboxMapping() {}

    static dev.weft.api.v1.Sandbox write(Sandbox sandbox) {
        dev.weft.api.v1.Sandbox.Builder builder = dev.weft.api.v1.Sandbox.newBuilder()
                .setId(sandbox.id().value())
                .setName(sandbox.name())
                .setNode(sandbox.node().value())
                .setHostname(sandbox.hostname())
                .putAllLabels(sandbox.labels())
                .setCreateTime(Fields.timestamp(sandbox.createTime()))
                .addAllDnsSearch(sandbox.nameSettings().search())
                .addAllDnsOptions(sandbox.nameSettings().options())
                .addAllExtraHosts(sandbox.nameSettings().extraHosts());
        sandbox.nameSettings().servers().forEach(server -> builder.addDnsServers(server.toString()));
        switch (sandbox.mode()) {
            case Sandbox.Mode.Managed() -> builder.setMode(SandboxMode.SANDBOX_MODE_MANAGED);
            case Sandbox.Mode.Host() -> builder.setMode(SandboxMode.SANDBOX_MODE_HOST);
            case Sandbox.Mode.External(var path) ->
                builder.setMode(SandboxMode.SANDBOX_MODE_EXTERNAL).setNetnsPath(path);
            case Sandbox.Mode.ExternalProcess(long pid, long startTime) ->
                builder.setMode(SandboxMode.SANDBOX_MODE_EXTERNAL)
                        .setNetnsPid(pid)
                        .setNetnsPidStartTime(startTime);
            case Sandbox.Mode.Shared(SandboxId owner) ->
                builder.setMode(SandboxMode.SANDBOX_MODE_SHARED).setSharedSandboxId(owner.value());
        }
        sandbox.ports().forEach(port -> builder.addPorts(PortMapping.write(port)));
        return builder.build();
    }

    static Sandbox read(dev.weft.api.v1.Sandbox message) {
        require(message.getRevision() == 0, "revision", "is not stored");
        require(message.getEndpointsCount() == 0, "endpoints", "is not stored");
        require(!message.hasStatus(), "status", "is not stored");
        require(!message.getName().isEmpty(), "name", "is missing");
        return new Sandbox(
                canonical("id", message.getId(), SandboxId::new),
                message.getName(),
                Fields.nodeName(message.getNode()),
                readMode(message),
                message.getHostname(),
                message.getLabelsMap(),
                Fields.instant("create_time", message.hasCreateTime(), message.getCreateTime()),
                message.getPortsList().stream().map(PortMapping::read).toList(),
                new NameSettings(
                        message.getDnsServersList().stream()
                                .map(server -> canonical("dns_servers", server, IpAddress::parse))
                                .toList(),
                        message.getDnsSearchList(),
                        message.getDnsOptionsList(),
                        message.getExtraHostsList()));
    }

    private static Sandbox.Mode readMode(dev.weft.api.v1.Sandbox message) {
        boolean hasPath = !message.getNetnsPath().isEmpty();
        boolean hasPid = message.getNetnsPid() != 0;
        require(
                !hasPid || message.getMode() == SandboxMode.SANDBOX_MODE_EXTERNAL,
                "netns_pid",
                "is set on a sandbox that is not external");
        require(
                message.getSharedSandboxId().isEmpty() || message.getMode() == SandboxMode.SANDBOX_MODE_SHARED,
                "shared_sandbox_id",
                "is set on a sandbox that shares no other's namespace");
        return switch (message.getMode()) {
            case SANDBOX_MODE_MANAGED -> {
                require(!hasPath, "netns_path", "is set on a managed sandbox");
                yield new Sandbox.Mode.Managed();
            }
            case SANDBOX_MODE_HOST -> {
                require(!hasPath, "netns_path", "is set on a sandbox in host mode");
                yield new Sandbox.Mode.Host();
            }
            case SANDBOX_MODE_EXTERNAL -> {
                require(hasPath != hasPid, "netns_path or netns_pid", "is missing, or both are set");
                yield hasPid
                        ? new Sandbox.Mode.ExternalProcess(message.getNetnsPid(), message.getNetnsPidStartTime())
                        : new Sandbox.Mode.External(message.getNetnsPath());
            }
            case SANDBOX_MODE_SHARED -> {
                require(!hasPath, "netns_path", "is set on a sandbox that shares another's namespace");
                yield new Sandbox.Mode.Shared(
                        canonical("shared_sandbox_id", message.getSharedSandboxId(), SandboxId::new));
            }
            case SANDBOX_MODE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("unknown mode");
        };
    }

    static dev.weft.api.v1.Endpoint write(Endpoint endpoint) {
        dev.weft.api.v1.Endpoint.Builder builder = dev.weft.api.v1.Endpoint.newBuilder()
                .setId(endpoint.id().value())
                .setNetworkId(endpoint.network().value())
                .setSandboxId(endpoint.sandbox().value())
                .setNode(endpoint.node().value())
                .setCreateTime(Fields.timestamp(endpoint.createTime()))
                .addAllAliases(endpoint.aliases())
                .putAllDriverOptions(endpoint.driverOptions())
                .setGatewayPriority(endpoint.gatewayPriority());
        endpoint.retention().ifPresent(retention -> builder.setRetainIp(Fields.duration(retention)));
        endpoint.fallback().policy().forEach(kind -> builder.addFallback(kind.toString()));
        endpoint.fallback()
                .fallen()
                .ifPresent(fallen -> builder.setMode(mode(fallen.kind()))
                        .setFallbackReason(fallen.reason())
                        .setFallbackSince(Fields.timestamp(fallen.since())));
        if (!endpoint.bandwidth().equals(Bandwidth.UNLIMITED)) {
            builder.setBandwidth(BandwidthMapping.write(endpoint.bandwidth()));
        }
        endpoint.link()
                .ifPresent(link -> builder.setInterfaceName(link.name().value())
                        .setMacAddress(Fields.text(link.mac()))
                        .setIpv4Address(Fields.text(link.address(IpFamily.IPV4)))
                        .setIpv6Address(Fields.text(link.address(IpFamily.IPV6)))
                        .addAllLinkLocalAddresses(link.linkLocal().stream()
                                .map(IpAddress::toString)
                                .toList()));
        return builder.build();
    }

    static Endpoint read(dev.weft.api.v1.Endpoint message) {
        require(message.getRevision() == 0, "revision", "is not stored");
        require(message.getNetworkName().isEmpty(), "network_name", "is not stored");
        require(message.getSandboxName().isEmpty(), "sandbox_name", "is not stored");
        require(message.getIpv4Gateway().isEmpty(), "ipv4_gateway", "is not stored");
        require(message.getIpv6Gateway().isEmpty(), "ipv6_gateway", "is not stored");
        require(!message.hasStatus(), "status", "is not stored");
        return new Endpoint(
                canonical("id", message.getId(), EndpointId::new),
                canonical("network_id", message.getNetworkId(), NetworkId::new),
                canonical("sandbox_id", message.getSandboxId(), SandboxId::new),
                Fields.nodeName(message.getNode()),
                Fields.instant("create_time", message.hasCreateTime(), message.getCreateTime()),
                readLink(message),
                message.getAliasesList(),
                message.getDriverOptionsMap(),
                message.getGatewayPriority(),
                readFallback(message),
                BandwidthMapping.read(message.getBandwidth()),
                Fields.duration("retain_ip", message.hasRetainIp(), message.getRetainIp()));
    }

    private static EndpointMode mode(Fallback.Kind kind) {
        return switch (kind) {
            case HOST -> EndpointMode.ENDPOINT_MODE_HOST;
            case NONE -> EndpointMode.ENDPOINT_MODE_NONE;
        };
    }

    private static Fallback readFallback(dev.weft.api.v1.Endpoint message) {
        List<Fallback.Kind> policy = message.getFallbackList().stream()
                .map(text -> Fallback.Kind.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException("unknown fallback " + text)))
                .toList();
        Optional<Fallback.Kind> kind = switch (message.getMode()) {
            case ENDPOINT_MODE_NETWORK -> Optional.empty();
            case ENDPOINT_MODE_HOST -> Optional.of(Fallback.Kind.HOST);
            case ENDPOINT_MODE_NONE -> Optional.of(Fallback.Kind.NONE);
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown endpoint mode");
        };
        return new Fallback(
                policy,
                kind.map(fallen -> new Fallback.Fallen(
                        fallen,
                        message.getFallbackReason(),
                        Fields.instant("fallback_since", message.hasFallbackSince(), message.getFallbackSince()))));
    }

    private static Optional<Endpoint.Link> readLink(dev.weft.api.v1.Endpoint message) {
        Optional<InterfaceAddress> ipv4 = readAddress("ipv4_address", message.getIpv4Address(), IpFamily.IPV4);
        Optional<InterfaceAddress> ipv6 = readAddress("ipv6_address", message.getIpv6Address(), IpFamily.IPV6);
        List<InterfaceAddress> addresses =
                Stream.of(ipv4, ipv6).flatMap(Optional::stream).toList();
        if (message.getInterfaceName().isEmpty()) {
            require(message.getMacAddress().isEmpty(), "mac_address", "is set without interface_name");
            require(message.getLinkLocalAddressesCount() == 0, "link_local_addresses", "is set without interface_name");
            require(addresses.isEmpty(), "ipv4_address or ipv6_address", "is set without interface_name");
            return Optional.empty();
        }
        return Optional.of(new Endpoint.Link(
                canonical("interface_name", message.getInterfaceName(), InterfaceName::new),
                optional("mac_address", message.getMacAddress(), MacAddress::parse),
                addresses,
                message.getLinkLocalAddressesList().stream()
                        .map(address -> canonical("link_local_addresses", address, IpAddress::parse))
                        .toList()));
    }

    private static Optional<InterfaceAddress> readAddress(String field, String text, IpFamily family) {
        Optional<InterfaceAddress> address = optional(field, text, InterfaceAddress::parse);
        require(address.stream().allMatch(value -> value.family() == family), field, "is no " + family + " address");
        return address;
    }
}
