package dev.weft.controlplane.codec;

import static dev.weft.controlplane.codec.Fields.canonical;
import static dev.weft.controlplane.codec.Fields.optional;
import static dev.weft.controlplane.codec.Fields.require;

import dev.weft.api.v1.ConfigurationSource;
import dev.weft.controlplane.model.Configuration;
import dev.weft.controlplane.model.Driver;
import dev.weft.controlplane.model.Network;
import dev.weft.controlplane.model.NetworkId;
import dev.weft.controlplane.model.Scope;
import dev.weft.controlplane.model.Subnet;
import dev.weft.net.Cidr;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.Vni;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Networks and their subnets. */
final class NetworkMapping {

    private NetworkMapping() {}

    static dev.weft.api.v1.Network write(Network network) {
        dev.weft.api.v1.Network.Builder builder = dev.weft.api.v1.Network.newBuilder()
                .setId(network.id().value())
                .setName(network.name())
                .setDriver(network.driver().toString())
                .setCreateTime(Fields.timestamp(network.createTime()))
                .setEnableIpv4(network.families().contains(IpFamily.IPV4))
                .setEnableIpv6(network.families().contains(IpFamily.IPV6))
                .setIpamDriver(network.ipamDriver())
                .putAllIpamOptions(network.ipamOptions())
                .setInternal(network.has(Network.Trait.INTERNAL))
                .setAttachable(network.has(Network.Trait.ATTACHABLE))
                .setPredefined(network.has(Network.Trait.PREDEFINED))
                .putAllOptions(network.options())
                .putAllLabels(network.labels());
        switch (network.scope()) {
            case Scope.Local(var node) ->
                builder.setScope(dev.weft.api.v1.Scope.SCOPE_LOCAL).setNode(node.value());
            case Scope.Global() -> builder.setScope(dev.weft.api.v1.Scope.SCOPE_GLOBAL);
        }
        switch (network.configuration()) {
            case Configuration.Own() -> {}
            case Configuration.Only() -> builder.setConfigOnly(true);
            case Configuration.From(NetworkId source, String name) ->
                builder.setConfigFrom(ConfigurationSource.newBuilder()
                        .setNetworkId(source.value())
                        .setNetworkName(name));
        }
        network.subnets().forEach(subnet -> builder.addSubnets(writeSubnet(subnet)));
        return builder.build();
    }

    static Network read(dev.weft.api.v1.Network message) {
        require(message.getRevision() == 0, "revision", "is not stored");
        require(message.getEndpointsCount() == 0, "endpoints", "is not stored");
        require(!message.getName().isEmpty(), "name", "is missing");
        return new Network(
                canonical("id", message.getId(), NetworkId::new),
                message.getName(),
                Driver.parse(message.getDriver())
                        .orElseThrow(() -> new IllegalArgumentException("unknown driver " + message.getDriver())),
                readScope(message),
                Fields.instant("create_time", message.hasCreateTime(), message.getCreateTime()),
                readFamilies(message),
                message.getSubnetsList().stream()
                        .map(NetworkMapping::readSubnet)
                        .toList(),
                message.getIpamDriver(),
                message.getIpamOptionsMap(),
                readTraits(message),
                message.getOptionsMap(),
                message.getLabelsMap(),
                readConfiguration(message));
    }

    private static Configuration readConfiguration(dev.weft.api.v1.Network message) {
        if (message.getConfigOnly()) {
            require(!message.hasConfigFrom(), "config_from", "is set on a configuration network");
            return new Configuration.Only();
        }
        if (!message.hasConfigFrom()) {
            return new Configuration.Own();
        }
        ConfigurationSource source = message.getConfigFrom();
        require(!source.getNetworkName().isEmpty(), "config_from.network_name", "is missing");
        return new Configuration.From(
                canonical("config_from.network_id", source.getNetworkId(), NetworkId::new), source.getNetworkName());
    }

    static dev.weft.api.v1.Subnet writeSubnet(Subnet subnet) {
        dev.weft.api.v1.Subnet.Builder builder = dev.weft.api.v1.Subnet.newBuilder()
                .setCidr(subnet.cidr().toString())
                .setIpRange(
                        subnet.range().equals(subnet.cidr())
                                ? ""
                                : subnet.range().toString())
                .setGateway(Fields.text(subnet.gateway()))
                .setVni(subnet.vni().map(Vni::value).orElse(0));
        subnet.auxAddresses().forEach((name, address) -> builder.putAuxAddresses(name, address.toString()));
        return builder.build();
    }

    private static Subnet readSubnet(dev.weft.api.v1.Subnet message) {
        Cidr cidr = canonical("subnets.cidr", message.getCidr(), Cidr::parse);
        Optional<Cidr> range = optional("subnets.ip_range", message.getIpRange(), Cidr::parse);
        require(!range.equals(Optional.of(cidr)), "subnets.ip_range", "repeats the subnet");
        Optional<IpAddress> gateway = optional("subnets.gateway", message.getGateway(), IpAddress::parse);
        require(gateway.stream().allMatch(cidr::contains), "subnets.gateway", "is outside " + cidr);
        Map<String, IpAddress> auxAddresses = new LinkedHashMap<>();
        message.getAuxAddressesMap().forEach((name, text) -> {
            IpAddress address = canonical("subnets.aux_addresses", text, IpAddress::parse);
            require(cidr.contains(address), "subnets.aux_addresses", "has " + address + " outside " + cidr);
            auxAddresses.put(name, address);
        });
        Optional<Vni> vni = message.getVni() == 0 ? Optional.empty() : Optional.of(new Vni(message.getVni()));
        return new Subnet(cidr, range.orElse(cidr), gateway, auxAddresses, vni);
    }

    private static Scope readScope(dev.weft.api.v1.Network message) {
        return switch (message.getScope()) {
            case SCOPE_LOCAL -> new Scope.Local(Fields.nodeName(message.getNode()));
            case SCOPE_GLOBAL -> {
                require(message.getNode().isEmpty(), "node", "is set on a global network");
                yield new Scope.Global();
            }
            case SCOPE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("unknown scope");
        };
    }

    private static Set<IpFamily> readFamilies(dev.weft.api.v1.Network message) {
        Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
        if (message.getEnableIpv4()) {
            families.add(IpFamily.IPV4);
        }
        if (message.getEnableIpv6()) {
            families.add(IpFamily.IPV6);
        }
        return families;
    }

    private static Set<Network.Trait> readTraits(dev.weft.api.v1.Network message) {
        Set<Network.Trait> traits = EnumSet.noneOf(Network.Trait.class);
        if (message.getInternal()) {
            traits.add(Network.Trait.INTERNAL);
        }
        if (message.getAttachable()) {
            traits.add(Network.Trait.ATTACHABLE);
        }
        if (message.getPredefined()) {
            traits.add(Network.Trait.PREDEFINED);
        }
        return traits;
    }
}
