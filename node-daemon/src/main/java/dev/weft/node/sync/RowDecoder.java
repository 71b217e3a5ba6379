package dev.weft.node.sync;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.net.Vni;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.MalformedRow;
import dev.weft.node.model.NetworkDriver;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.model.PeerRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.model.RowKind;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.model.SubnetSpec;
import dev.weft.node.model.VtepRow;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads rows off the wire. A row that cannot be read becomes a {@link MalformedRow} rather than ending the stream: the
 * rest of the node must not suffer from it.
 */
final class RowDecoder {

    private RowDecoder() {}

    static Row decode(dev.weft.node.v1.Row wire) {
        RowKey key = decode(wire.getKey());
        try {
            return switch (wire.getRowCase()) {
                case NETWORK -> network(key, wire.getRevision(), wire.getNetwork());
                case VTEP -> vtep(key, wire.getRevision(), wire.getVtep());
                case PEER -> peer(key, wire.getRevision(), wire.getPeer());
                case SANDBOX -> sandbox(key, wire.getRevision(), wire.getSandbox());
                case ENDPOINT -> endpoint(key, wire.getRevision(), wire.getEndpoint());
                case ROW_NOT_SET ->
                    new MalformedRow(key, wire.getRevision(), "the row has no content that this daemon knows");
            };
        } catch (IllegalArgumentException e) {
            return new MalformedRow(key, wire.getRevision(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads a row's key.
     *
     * @throws IllegalArgumentException if it is of a kind that this daemon does not know
     */
    static RowKey decode(dev.weft.node.v1.RowKey wire) {
        RowKind kind = switch (wire.getKind()) {
            case ROW_KIND_NETWORK -> RowKind.NETWORK;
            case ROW_KIND_VTEP -> RowKind.VTEP;
            case ROW_KIND_PEER -> RowKind.PEER;
            case ROW_KIND_SANDBOX -> RowKind.SANDBOX;
            case ROW_KIND_ENDPOINT -> RowKind.ENDPOINT;
            case ROW_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("unknown row kind " + wire.getKindValue());
        };
        return new RowKey(kind, wire.getId());
    }

    private static NetworkRow network(RowKey key, long revision, dev.weft.node.v1.NetworkRow row) {
        NetworkDriver driver = switch (row.getDriver()) {
            case "bridge" -> NetworkDriver.BRIDGE;
            case "overlay" -> NetworkDriver.OVERLAY;
            case "host" -> NetworkDriver.HOST;
            case "null" -> NetworkDriver.NULL;
            default ->
                throw new IllegalArgumentException("driver '" + row.getDriver() + "' is not known to this daemon");
        };
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        if (row.getInternal()) {
            traits.add(Trait.INTERNAL);
        }
        if (row.getInterContainerCommunication()) {
            traits.add(Trait.INTER_CONTAINER_COMMUNICATION);
        }
        if (row.getMasquerade()) {
            traits.add(Trait.MASQUERADE);
        }
        if (row.getEnableIpv6()) {
            traits.add(Trait.IPV6);
        }
        return new NetworkRow(
                key.id(),
                revision,
                row.getName(),
                driver,
                row.getSubnetsList().stream().map(RowDecoder::subnet).toList(),
                row.getMtu() == 0 ? Mtu.ETHERNET : new Mtu(row.getMtu()),
                traits,
                given(row.getBridgeName(), InterfaceName::new),
                given(row.getBridgeMac(), MacAddress::parse));
    }

    private static SubnetSpec subnet(dev.weft.api.v1.Subnet subnet) {
        return new SubnetSpec(
                Cidr.parse(subnet.getCidr()),
                given(subnet.getGateway(), IpAddress::parse),
                subnet.getVni() == 0 ? Optional.empty() : Optional.of(new Vni(subnet.getVni())));
    }

    private static VtepRow vtep(RowKey key, long revision, dev.weft.node.v1.VtepRow row) {
        VtepRow decoded =
                new VtepRow(row.getNetworkId(), row.getNode(), revision, IpAddress.parse(row.getVtepAddress()));
        if (!decoded.key().equals(key)) {
            throw new IllegalArgumentException("the row's content is of " + decoded.key());
        }
        return decoded;
    }

    private static PeerRow peer(RowKey key, long revision, dev.weft.node.v1.PeerRow row) {
        return new PeerRow(
                key.id(),
                revision,
                row.getNetworkId(),
                MacAddress.parse(row.getMacAddress()),
                row.getAddressesList().stream().map(IpAddress::parse).toList(),
                IpAddress.parse(row.getVtepAddress()));
    }

    private static SandboxRow sandbox(RowKey key, long revision, dev.weft.node.v1.SandboxRow row) {
        SandboxPlace place = switch (row.getMode()) {
            case SANDBOX_MODE_MANAGED -> new SandboxPlace.Managed();
            case SANDBOX_MODE_HOST -> new SandboxPlace.Host();
            case SANDBOX_MODE_EXTERNAL -> new SandboxPlace.External(row.getNetnsPath());
            case SANDBOX_MODE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("unknown sandbox mode " + row.getModeValue());
        };
        return new SandboxRow(key.id(), revision, row.getName(), place, row.getHostname());
    }

    private static EndpointRow endpoint(RowKey key, long revision, dev.weft.node.v1.EndpointRow row) {
        return new EndpointRow(
                key.id(),
                revision,
                row.getNetworkId(),
                row.getSandboxId(),
                given(row.getInterfaceName(), InterfaceName::new),
                given(row.getMacAddress(), MacAddress::parse),
                row.getAddressesList().stream().map(InterfaceAddress::parse).toList(),
                row.getGatewaysList().stream().map(IpAddress::parse).toList(),
                row.getAliasesList());
    }

    /** Proto3's empty string stands for absence. */
    private static <T> Optional<T> given(String text, Function<String, T> parse) {
        return text.isEmpty() ? Optional.empty() : Optional.of(parse.apply(text));
    }
}
