package dev.weft.node.sync;

import dev.weft.api.v1.PublishedPort;
import dev.weft.api.v1.Subnet;
import dev.weft.net.Bandwidth;
import dev.weft.net.BitRate;
import dev.weft.net.Cidr;
import dev.weft.net.GatewayMode;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.net.PortBinding;
import dev.weft.net.TransportProtocol;
import dev.weft.net.Vni;
import dev.weft.node.kernel.DnsSettings;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.MalformedRow;
import dev.weft.node.model.NetworkAccess;
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
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rows from the wire to the domain. A row that makes no sense becomes a {@link MalformedRow}, never an exception. */
public final class RowCodec {

    /** Ids name files and links here. */
    private static final Pattern ID = Pattern.compile("[0-9a-f]{12,64}");

    private RowCodec() {}

    /** The key; absent if it is of a kind that this daemon does not know. */
    public static Optional<RowKey> key(dev.weft.node.v1.RowKey key) {
        Optional<RowKind> kind = switch (key.getKind()) {
            case ROW_KIND_NETWORK -> Optional.of(RowKind.NETWORK);
            case ROW_KIND_VTEP -> Optional.of(RowKind.VTEP);
            case ROW_KIND_PEER -> Optional.of(RowKind.PEER);
            case ROW_KIND_SANDBOX -> Optional.of(RowKind.SANDBOX);
            case ROW_KIND_ENDPOINT -> Optional.of(RowKind.ENDPOINT);
            case ROW_KIND_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
        return kind.map(known -> new RowKey(known, key.getId()));
    }

    public static dev.weft.node.v1.RowKey encode(RowKey key) {
        dev.weft.node.v1.RowKind kind = switch (key.kind()) {
            case NETWORK -> dev.weft.node.v1.RowKind.ROW_KIND_NETWORK;
            case VTEP -> dev.weft.node.v1.RowKind.ROW_KIND_VTEP;
            case PEER -> dev.weft.node.v1.RowKind.ROW_KIND_PEER;
            case SANDBOX -> dev.weft.node.v1.RowKind.ROW_KIND_SANDBOX;
            case ENDPOINT -> dev.weft.node.v1.RowKind.ROW_KIND_ENDPOINT;
        };
        return dev.weft.node.v1.RowKey.newBuilder()
                .setKind(kind)
                .setId(key.id())
                .build();
    }

    /** The row; absent if it is of a kind that this daemon does not know. */
    public static Optional<Row> decode(dev.weft.node.v1.Row row) {
        return key(row.getKey()).map(key -> {
            try {
                return decode(key, row);
            } catch (IllegalArgumentException e) {
                return new MalformedRow(key, row.getRevision(), key + " cannot be read: " + e.getMessage());
            }
        });
    }

    private static Row decode(RowKey key, dev.weft.node.v1.Row row) {
        long revision = row.getRevision();
        return switch (key.kind()) {
            case NETWORK -> network(id(key.id()), revision, require(row.hasNetwork(), row.getNetwork(), "network"));
            case VTEP -> vtep(key, revision, require(row.hasVtep(), row.getVtep(), "vtep"));
            case PEER -> peer(id(key.id()), revision, require(row.hasPeer(), row.getPeer(), "peer"));
            case SANDBOX -> sandbox(id(key.id()), revision, require(row.hasSandbox(), row.getSandbox(), "sandbox"));
            case ENDPOINT ->
                endpoint(id(key.id()), revision, require(row.hasEndpoint(), row.getEndpoint(), "endpoint"));
        };
    }

    private static <T> T require(boolean present, T value, String field) {
        if (!present) {
            throw new IllegalArgumentException("it has no content of the kind that its key says: " + field);
        }
        return value;
    }

    private static String id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new IllegalArgumentException("invalid id '" + text + "': it should be hexadecimal digits");
        }
        return text;
    }

    private static <T> Optional<T> optional(String text, Function<String, T> parser) {
        return text.isEmpty() ? Optional.empty() : Optional.of(parser.apply(text));
    }

    private static NetworkRow network(String id, long revision, dev.weft.node.v1.NetworkRow row) {
        NetworkDriver driver = switch (row.getDriver()) {
            case "bridge" -> NetworkDriver.BRIDGE;
            case "overlay" -> NetworkDriver.OVERLAY;
            case "macvlan" -> NetworkDriver.MACVLAN;
            case "ipvlan" -> NetworkDriver.IPVLAN;
            case "host" -> NetworkDriver.HOST;
            case "null" -> NetworkDriver.NULL;
            default -> throw new IllegalArgumentException("unknown driver " + row.getDriver());
        };
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        addIf(traits, row.getInternal(), Trait.INTERNAL);
        addIf(traits, row.getInterContainerCommunication(), Trait.INTER_CONTAINER_COMMUNICATION);
        addIf(traits, row.getMasquerade(), Trait.MASQUERADE);
        addIf(traits, row.getEnableIpv6(), Trait.IPV6);
        addIf(traits, row.getNameService(), Trait.NAME_SERVICE);
        return new NetworkRow(
                id,
                revision,
                row.getName(),
                driver,
                row.getSubnetsList().stream().map(RowCodec::subnet).toList(),
                row.getMtu() == 0 ? Mtu.ETHERNET : new Mtu(row.getMtu()),
                traits,
                optional(row.getBridgeName(), InterfaceName::new),
                optional(row.getBridgeMac(), MacAddress::parse),
                UplinkCodec.decode(driver, row),
                access(row));
    }

    private static NetworkAccess access(dev.weft.node.v1.NetworkRow row) {
        Map<IpFamily, GatewayMode> modes = new EnumMap<>(IpFamily.class);
        optional(row.getGatewayModeIpv4(), RowCodec::gatewayMode).ifPresent(mode -> modes.put(IpFamily.IPV4, mode));
        optional(row.getGatewayModeIpv6(), RowCodec::gatewayMode).ifPresent(mode -> modes.put(IpFamily.IPV6, mode));
        Map<IpFamily, IpAddress> sources = new EnumMap<>(IpFamily.class);
        optional(row.getSourceIpv4(), IpAddress::parse).ifPresent(address -> sources.put(IpFamily.IPV4, address));
        optional(row.getSourceIpv6(), IpAddress::parse).ifPresent(address -> sources.put(IpFamily.IPV6, address));
        return new NetworkAccess(
                modes,
                row.getTrustedHostInterfacesList().stream()
                        .map(InterfaceName::new)
                        .collect(Collectors.toUnmodifiableSet()),
                sources);
    }

    private static GatewayMode gatewayMode(String text) {
        return GatewayMode.parse(text).orElseThrow(() -> new IllegalArgumentException("unknown gateway mode " + text));
    }

    private static void addIf(Set<Trait> traits, boolean present, Trait trait) {
        if (present) {
            traits.add(trait);
        }
    }

    private static SubnetSpec subnet(Subnet subnet) {
        return new SubnetSpec(
                Cidr.parse(subnet.getCidr()),
                optional(subnet.getGateway(), IpAddress::parse),
                subnet.getVni() == 0 ? Optional.empty() : Optional.of(new Vni(subnet.getVni())));
    }

    private static VtepRow vtep(RowKey key, long revision, dev.weft.node.v1.VtepRow row) {
        VtepRow decoded =
                new VtepRow(id(row.getNetworkId()), row.getNode(), revision, IpAddress.parse(row.getVtepAddress()));
        if (!decoded.key().equals(key)) {
            throw new IllegalArgumentException("its key does not fit its content, " + decoded.key());
        }
        return decoded;
    }

    private static PeerRow peer(String id, long revision, dev.weft.node.v1.PeerRow row) {
        return new PeerRow(
                id,
                revision,
                id(row.getNetworkId()),
                MacAddress.parse(row.getMacAddress()),
                row.getAddressesList().stream().map(IpAddress::parse).toList(),
                IpAddress.parse(row.getVtepAddress()),
                row.getNamesList(),
                row.getLinkLocalAddressesList().stream().map(IpAddress::parse).toList());
    }

    private static SandboxRow sandbox(String id, long revision, dev.weft.node.v1.SandboxRow row) {
        SandboxPlace place = switch (row.getMode()) {
            case SANDBOX_MODE_MANAGED -> new SandboxPlace.Managed();
            case SANDBOX_MODE_HOST -> new SandboxPlace.Host();
            case SANDBOX_MODE_EXTERNAL -> {
                if (row.getNetnsPid() != 0) {
                    yield new SandboxPlace.Process(row.getNetnsPid(), row.getNetnsPidStartTime());
                }
                if (!row.getNetnsPath().startsWith("/")) {
                    throw new IllegalArgumentException(
                            "invalid namespace path '" + row.getNetnsPath() + "': it should be absolute");
                }
                yield new SandboxPlace.External(row.getNetnsPath());
            }
            case SANDBOX_MODE_SHARED -> new SandboxPlace.Shared(id(row.getSharedSandboxId()));
            case SANDBOX_MODE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("unknown sandbox mode " + row.getModeValue());
        };
        if (row.getHostname().chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("invalid host name '" + row.getHostname() + "'");
        }
        DnsSettings dns = new DnsSettings(
                row.getDnsServersList().stream().map(IpAddress::parse).toList(),
                lines(row.getDnsSearchList()),
                lines(row.getDnsOptionsList()));
        return new SandboxRow(
                id,
                revision,
                row.getName(),
                place,
                row.getHostname(),
                row.getPortsList().stream().map(RowCodec::port).toList(),
                dns,
                lines(row.getExtraHostsList()));
    }

    private static PortBinding port(PublishedPort port) {
        TransportProtocol protocol = switch (port.getProtocol()) {
            case PORT_PROTOCOL_TCP -> TransportProtocol.TCP;
            case PORT_PROTOCOL_UDP -> TransportProtocol.UDP;
            case PORT_PROTOCOL_SCTP -> TransportProtocol.SCTP;
            case PORT_PROTOCOL_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("unknown port protocol " + port.getProtocolValue());
        };
        return new PortBinding(
                protocol,
                IpAddress.parse(port.getHostAddress()),
                port.getHostPort(),
                port.getContainerPort(),
                port.getCount() == 0 ? 1 : port.getCount());
    }

    /** They become parts of lines of files that programs in the sandbox read. */
    private static List<String> lines(List<String> texts) {
        for (String text : texts) {
            if (text.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new IllegalArgumentException("invalid text '" + text + "' for a line of a file");
            }
        }
        return texts;
    }

    private static EndpointRow endpoint(String id, long revision, dev.weft.node.v1.EndpointRow row) {
        return new EndpointRow(
                id,
                revision,
                id(row.getNetworkId()),
                id(row.getSandboxId()),
                optional(row.getInterfaceName(), InterfaceName::new),
                optional(row.getMacAddress(), MacAddress::parse),
                row.getAddressesList().stream().map(InterfaceAddress::parse).toList(),
                row.getGatewaysList().stream().map(IpAddress::parse).toList(),
                row.getAliasesList(),
                EndpointSysctls.of(row.getDriverOptionsMap(), optional(row.getInterfaceName(), InterfaceName::new)),
                row.getNamesList(),
                row.getGatewayPriority(),
                new Bandwidth(
                        rate(row.getBandwidth().getIngressBitsPerSecond()),
                        rate(row.getBandwidth().getEgressBitsPerSecond())),
                row.getLinkLocalAddressesList().stream()
                        .map(InterfaceAddress::parse)
                        .toList());
    }

    private static Optional<BitRate> rate(long bits) {
        return bits == 0 ? Optional.empty() : Optional.of(new BitRate(bits));
    }
}
