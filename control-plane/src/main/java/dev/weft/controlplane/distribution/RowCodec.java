package dev.weft.controlplane.distribution;

import dev.weft.api.v1.SandboxMode;
import dev.weft.api.v1.Subnet;
import dev.weft.controlplane.codec.ApiMapping;
import dev.weft.controlplane.codec.BandwidthMapping;
import dev.weft.controlplane.desired.Row;
import dev.weft.controlplane.desired.RowKey;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.NetworkOptions;
import dev.weft.controlplane.model.Sandbox;
import dev.weft.controlplane.model.Uplink;
import dev.weft.net.Bandwidth;
import dev.weft.net.GatewayMode;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.node.v1.EndpointRow;
import dev.weft.node.v1.NetworkRow;
import dev.weft.node.v1.PeerRow;
import dev.weft.node.v1.RowKind;
import dev.weft.node.v1.SandboxRow;
import dev.weft.node.v1.VtepRow;
import java.util.Map;

/** Rows as they go over the wire. */
final class RowCodec {

    private RowCodec() {}

    static dev.weft.node.v1.Row encode(Row row) {
        dev.weft.node.v1.Row.Builder builder =
                dev.weft.node.v1.Row.newBuilder().setKey(encode(row.key())).setRevision(row.revision());
        switch (row) {
            case Row.NetworkRow network -> builder.setNetwork(encode(network));
            case Row.VtepRow vtep ->
                builder.setVtep(VtepRow.newBuilder()
                        .setNetworkId(vtep.network().value())
                        .setNode(vtep.node().value())
                        .setVtepAddress(vtep.vtep().toString()));
            case Row.PeerRow peer -> builder.setPeer(encode(peer));
            case Row.SandboxRow sandbox -> builder.setSandbox(encode(sandbox));
            case Row.EndpointRow endpoint -> builder.setEndpoint(encode(endpoint));
        }
        return builder.build();
    }

    static dev.weft.node.v1.RowKey encode(RowKey key) {
        return dev.weft.node.v1.RowKey.newBuilder()
                .setKind(encode(key.kind()))
                .setId(key.id())
                .build();
    }

    private static RowKind encode(RowKey.Kind kind) {
        return switch (kind) {
            case NETWORK -> RowKind.ROW_KIND_NETWORK;
            case VTEP -> RowKind.ROW_KIND_VTEP;
            case PEER -> RowKind.ROW_KIND_PEER;
            case SANDBOX -> RowKind.ROW_KIND_SANDBOX;
            case ENDPOINT -> RowKind.ROW_KIND_ENDPOINT;
        };
    }

    private static NetworkRow encode(Row.NetworkRow network) {
        NetworkRow.Builder builder = NetworkRow.newBuilder()
                .setName(network.name())
                .setDriver(network.driver().toString())
                .setMtu(network.mtu().bytes())
                .setInternal(network.traits().contains(Row.NetworkTrait.INTERNAL))
                .setInterContainerCommunication(
                        network.traits().contains(Row.NetworkTrait.INTER_CONTAINER_COMMUNICATION))
                .setMasquerade(network.traits().contains(Row.NetworkTrait.MASQUERADE))
                .setNameService(network.traits().contains(Row.NetworkTrait.NAME_SERVICE))
                .setEnableIpv6(network.families().contains(IpFamily.IPV6))
                .putAllOptions(network.options());
        network.subnets().forEach(subnet -> builder.addSubnets(subnet(subnet, network.options())));
        if (network.driver() == Driver.BRIDGE) {
            builder.setGatewayModeIpv4(gatewayMode(network, IpFamily.IPV4))
                    .setGatewayModeIpv6(gatewayMode(network, IpFamily.IPV6));
            NetworkOptions.sourceAddress(network.options(), IpFamily.IPV4)
                    .ifPresent(source -> builder.setSourceIpv4(source.toString()));
            NetworkOptions.sourceAddress(network.options(), IpFamily.IPV6)
                    .ifPresent(source -> builder.setSourceIpv6(source.toString()));
            NetworkOptions.trustedInterfaces(network.options())
                    .forEach(trusted -> builder.addTrustedHostInterfaces(trusted.value()));
        }
        network.bridgeName().ifPresent(name -> builder.setBridgeName(name.value()));
        network.bridgeMac().ifPresent(mac -> builder.setBridgeMac(mac.toString()));
        network.uplink().ifPresent(uplink -> builder.setUplink(encode(uplink, network.options())));
        return builder.build();
    }

    private static dev.weft.node.v1.Uplink encode(Uplink uplink, Map<String, String> options) {
        dev.weft.node.v1.Uplink.Builder builder = dev.weft.node.v1.Uplink.newBuilder()
                .setParent(uplink.parent().value())
                .setMode(uplink.mode())
                .setFlag(uplink.flag())
                .setMtu(NetworkOptions.mtu(options).map(Mtu::bytes).orElse(0));
        switch (uplink.origin()) {
            case Uplink.Origin.Existing() -> {}
            case Uplink.Origin.Vlan(var base, int tag) ->
                builder.setVlanBase(base.value()).setVlanTag(tag);
            case Uplink.Origin.Dummy() -> builder.setDummy(true);
        }
        return builder.build();
    }

    /** To the node a subnet's gateway is the address that the bridge has in it. */
    private static Subnet subnet(dev.weft.controlplane.model.Subnet subnet, Map<String, String> options) {
        Subnet encoded = ApiMapping.subnet(subnet);
        return NetworkOptions.bridgeHasAddress(options, subnet.cidr().family())
                ? encoded
                : encoded.toBuilder().clearGateway().build();
    }

    private static String gatewayMode(Row.NetworkRow network, IpFamily family) {
        GatewayMode mode = NetworkOptions.gatewayMode(network.options(), family);
        return mode == GatewayMode.NAT ? "" : mode.toString();
    }

    private static PeerRow encode(Row.PeerRow peer) {
        PeerRow.Builder builder = PeerRow.newBuilder()
                .setNetworkId(peer.network().value())
                .setMacAddress(peer.mac().toString())
                .setVtepAddress(peer.vtep().toString())
                .addAllNames(peer.names());
        peer.addresses().forEach(address -> builder.addAddresses(address.toString()));
        peer.linkLocal().forEach(address -> builder.addLinkLocalAddresses(address.toString()));
        return builder.build();
    }

    private static SandboxRow encode(Row.SandboxRow sandbox) {
        SandboxRow.Builder builder = SandboxRow.newBuilder()
                .setName(sandbox.name())
                .setHostname(sandbox.hostname())
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
            case Sandbox.Mode.Shared(var owner) ->
                builder.setMode(SandboxMode.SANDBOX_MODE_SHARED).setSharedSandboxId(owner.value());
        }
        sandbox.ports().forEach(port -> builder.addPorts(ApiMapping.port(port)));
        return builder.build();
    }

    private static EndpointRow encode(Row.EndpointRow endpoint) {
        EndpointRow.Builder builder = EndpointRow.newBuilder()
                .setNetworkId(endpoint.network().value())
                .setSandboxId(endpoint.sandbox().value())
                .addAllAliases(endpoint.aliases())
                .putAllDriverOptions(endpoint.driverOptions())
                .addAllNames(endpoint.names())
                .setGatewayPriority(endpoint.gatewayPriority());
        if (!endpoint.bandwidth().equals(Bandwidth.UNLIMITED)) {
            builder.setBandwidth(BandwidthMapping.write(endpoint.bandwidth()));
        }
        endpoint.link().ifPresent(link -> {
            builder.setInterfaceName(link.name().value())
                    .setMacAddress(link.mac().map(MacAddress::toString).orElse(""));
            link.addresses().forEach(address -> builder.addAddresses(address.toString()));
            link.linkLocalAddresses().forEach(address -> builder.addLinkLocalAddresses(address.toString()));
        });
        endpoint.gateways().forEach(gateway -> builder.addGateways(gateway.toString()));
        return builder.build();
    }
}
