package dev.weft.node.testing;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.net.Vni;
import dev.weft.node.model.EndpointRow;
import dev.weft.node.model.NetworkAccess;
import dev.weft.node.model.NetworkDriver;
import dev.weft.node.model.NetworkRow;
import dev.weft.node.model.NetworkRow.Trait;
import dev.weft.node.model.PeerRow;
import dev.weft.node.model.Row;
import dev.weft.node.model.RowKey;
import dev.weft.node.model.SandboxPlace;
import dev.weft.node.model.SandboxRow;
import dev.weft.node.model.SubnetSpec;
import dev.weft.node.model.VtepRow;
import dev.weft.node.reconcile.DesiredUpdate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Rows as a control plane would send them, with ids that are easy to tell apart. */
public final class Rows {

    private Rows() {}

    /** 64 hexadecimal digits that begin with the given ones. */
    public static String id(String start) {
        return start + "0".repeat(64 - start.length());
    }

    public static NetworkRow bridge(String id, String bridge, List<String> subnets, Trait... more) {
        return new NetworkRow(
                id(id),
                1,
                "net-" + id,
                NetworkDriver.BRIDGE,
                subnets.stream().map(text -> subnet(text, Optional.empty())).toList(),
                new Mtu(1500),
                traits(subnets, more),
                Optional.of(new InterfaceName(bridge)),
                Optional.empty());
    }

    public static NetworkRow overlay(String id, String bridge, int vni, List<String> subnets, Trait... more) {
        return new NetworkRow(
                id(id),
                1,
                "net-" + id,
                NetworkDriver.OVERLAY,
                subnets.stream()
                        .map(text -> subnet(text, Optional.of(new Vni(vni))))
                        .toList(),
                new Mtu(1450),
                traits(subnets, more),
                Optional.of(new InterfaceName(bridge)),
                Optional.of(MacAddress.parse("02:77:65:66:00:01")));
    }

    private static SubnetSpec subnet(String text, Optional<Vni> vni) {
        Cidr cidr = Cidr.parse(text);
        return new SubnetSpec(cidr, Optional.of(cidr.first().plus(1)), vni);
    }

    private static Set<Trait> traits(List<String> subnets, Trait... more) {
        EnumSet<Trait> traits = EnumSet.of(Trait.INTER_CONTAINER_COMMUNICATION, Trait.MASQUERADE);
        if (subnets.stream().anyMatch(text -> Cidr.parse(text).family() == IpFamily.IPV6)) {
            traits.add(Trait.IPV6);
        }
        traits.addAll(Arrays.asList(more));
        return traits;
    }

    public static NetworkRow without(NetworkRow row, Trait trait) {
        EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
        row.traits().stream().filter(other -> other != trait).forEach(traits::add);
        return new NetworkRow(
                row.id(),
                row.revision(),
                row.name(),
                row.driver(),
                row.subnets(),
                row.mtu(),
                traits,
                row.bridgeName(),
                row.bridgeMac(),
                row.uplink(),
                row.access());
    }

    public static NetworkRow with(NetworkRow row, NetworkAccess access) {
        return new NetworkRow(
                row.id(),
                row.revision(),
                row.name(),
                row.driver(),
                row.subnets(),
                row.mtu(),
                row.traits(),
                row.bridgeName(),
                row.bridgeMac(),
                row.uplink(),
                access);
    }

    /** The bridge has no address of its own in the family. */
    public static NetworkRow withoutGateway(NetworkRow row, IpFamily family) {
        return new NetworkRow(
                row.id(),
                row.revision(),
                row.name(),
                row.driver(),
                row.subnets().stream()
                        .map(subnet -> subnet.cidr().family() == family
                                ? new SubnetSpec(subnet.cidr(), Optional.empty(), subnet.vni())
                                : subnet)
                        .toList(),
                row.mtu(),
                row.traits(),
                row.bridgeName(),
                row.bridgeMac(),
                row.uplink(),
                row.access());
    }

    public static SandboxRow sandbox(String id) {
        return new SandboxRow(id(id), 2, "box-" + id, new SandboxPlace.Managed(), "box-" + id);
    }

    /** An endpoint whose MAC is made of its first IPv4 address, and whose gateway is the first address of its subnet. */
    public static EndpointRow endpoint(String id, String network, String sandbox, String link, String... addresses) {
        List<InterfaceAddress> parsed =
                Stream.of(addresses).map(InterfaceAddress::parse).toList();
        return new EndpointRow(
                id(id),
                3,
                id(network),
                id(sandbox),
                Optional.of(new InterfaceName(link)),
                Optional.of(mac(parsed.getFirst().address())),
                parsed,
                parsed.stream().map(address -> address.subnet().first().plus(1)).toList(),
                List.of(),
                List.of(),
                List.of("box-" + sandbox),
                0);
    }

    public static PeerRow peer(String id, String network, String vtep, String... addresses) {
        List<IpAddress> parsed = Stream.of(addresses).map(IpAddress::parse).toList();
        return new PeerRow(
                id(id), 4, id(network), mac(parsed.getFirst()), parsed, IpAddress.parse(vtep), List.of("peer-" + id));
    }

    public static VtepRow vtep(String network, String node, String address) {
        return new VtepRow(id(network), node, 5, IpAddress.parse(address));
    }

    /** 02:42 and the last four bytes of the address. */
    public static MacAddress mac(IpAddress address) {
        byte[] bytes = address.toBytes();
        byte[] mac = new byte[6];
        mac[0] = 0x02;
        mac[1] = 0x42;
        System.arraycopy(bytes, bytes.length - 4, mac, 2, 4);
        return MacAddress.ofBytes(mac);
    }

    /**
     * What a control plane tells of a change.
     *
     * @param now all rows as they are then
     * @param changed which of them are other than before, and which are no more
     */
    public static DesiredUpdate.Changes changes(long revision, Map<RowKey, Row> now, Set<RowKey> changed) {
        Map<RowKey, Row> updated = new HashMap<>(now);
        updated.keySet().retainAll(changed);
        Set<RowKey> removed = new HashSet<>(changed);
        removed.removeAll(now.keySet());
        return new DesiredUpdate.Changes(revision, updated, removed);
    }
}
