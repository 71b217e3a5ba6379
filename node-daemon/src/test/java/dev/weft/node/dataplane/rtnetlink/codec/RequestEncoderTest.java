package dev.weft.node.dataplane.rtnetlink.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Mtu;
import dev.weft.net.Vni;
import dev.weft.node.dataplane.rtnetlink.model.Address;
import dev.weft.node.dataplane.rtnetlink.model.AddressFlag;
import dev.weft.node.dataplane.rtnetlink.model.AddressSpec;
import dev.weft.node.dataplane.rtnetlink.model.BridgeOption;
import dev.weft.node.dataplane.rtnetlink.model.FdbEntry;
import dev.weft.node.dataplane.rtnetlink.model.FdbSpec;
import dev.weft.node.dataplane.rtnetlink.model.FdbTarget;
import dev.weft.node.dataplane.rtnetlink.model.Link;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkDetails;
import dev.weft.node.dataplane.rtnetlink.model.LinkGroup;
import dev.weft.node.dataplane.rtnetlink.model.LinkKind;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.Neighbor;
import dev.weft.node.dataplane.rtnetlink.model.NeighborSpec;
import dev.weft.node.dataplane.rtnetlink.model.NeighborState;
import dev.weft.node.dataplane.rtnetlink.model.NextHop;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.Route;
import dev.weft.node.dataplane.rtnetlink.model.RouteProtocol;
import dev.weft.node.dataplane.rtnetlink.model.RouteScope;
import dev.weft.node.dataplane.rtnetlink.model.RouteSpec;
import dev.weft.node.dataplane.rtnetlink.model.RouteTable;
import dev.weft.node.dataplane.rtnetlink.model.RouteType;
import dev.weft.node.dataplane.rtnetlink.model.Toggle;
import dev.weft.node.dataplane.rtnetlink.model.VxlanFlag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel reports with the layout that it is asked in, so a request can be read back as a report. */
class RequestEncoderTest {

    private static final RouteProtocol OURS = new RouteProtocol(87);
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:00:00:01");
    private static final LinkRef SEVENTH = LinkRef.of(7);

    private static NlMessage encode(Request request) {
        return RequestEncoder.encode(request, link -> switch (link) {
            case LinkRef.Indexed(int index) -> index;
            case LinkRef.Named _ -> 7;
        });
    }

    private static String hex(Request request) {
        NlMessage message = encode(request);
        ByteBuffer out = ByteBuffer.allocate(message.encodedLength()).order(ByteOrder.nativeOrder());
        message.encode(out, 1);
        assertThat(out.hasRemaining()).isFalse();
        return HexFormat.of().formatHex(out.array());
    }

    @Test
    void writesTheBytesThatTheKernelsHeadersDescribe() {
        if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            return;
        }
        assertThat(hex(new Request.AddNeighbor(
                        NeighborSpec.permanent(SEVENTH, IpAddress.parse("10.0.0.2"), MAC, OURS))))
                .isEqualTo(String.join(
                        "",
                        "38000000" + "1c00" + "0506" + "01000000"
                                + "00000000", // nlmsghdr: NEWNEIGH, CREATE|EXCL|ACK|REQ
                        "02" + "000000" + "07000000" + "8000" + "00" + "00", // ndmsg: AF_INET, index, PERMANENT
                        "0800" + "0100" + "0a000002", // NDA_DST
                        "0a00" + "0200" + "02420a000001" + "0000", // NDA_LLADDR, padded
                        "0500" + "0c00" + "57" + "000000")); // NDA_PROTOCOL, padded
        assertThat(hex(new Request.DeleteLink(LinkRef.of("br0"))))
                .isEqualTo(String.join(
                        "",
                        "28000000" + "1100" + "0500" + "01000000" + "00000000",
                        "00000000" + "00000000" + "00000000" + "00000000", // ifinfomsg
                        "0800" + "0300" + "62723000")); // IFLA_IFNAME "br0"
        assertThat(hex(new Request.ReplaceRoute(RouteSpec.of(
                        Cidr.parse("0.0.0.0/0"), NextHop.via(IpAddress.parse("10.0.0.1"), SEVENTH), OURS))))
                .isEqualTo(String.join(
                        "",
                        "34000000" + "1800" + "0505" + "01000000" + "00000000",
                        "02" + "00" + "00" + "00" + "fe" + "57" + "00" + "01" + "00000000", // rtmsg: main, 87, unicast
                        "0800" + "0f00" + "fe000000", // RTA_TABLE
                        "0800" + "0500" + "0a000001", // RTA_GATEWAY
                        "0800" + "0400" + "07000000")); // RTA_OIF
    }

    @Test
    void aBridgeReadsBackAsAsked() {
        Link link = LinkDecoder.decode(withIndex(encode(new Request.AddLink(new LinkSpec.BridgeSpec(
                        new InterfaceName("br0"),
                        List.of(
                                LinkAttribute.mac(MAC),
                                LinkAttribute.mtu(new Mtu(1450)),
                                LinkAttribute.group(new LinkGroup(9)),
                                LinkAttribute.up()),
                        List.of(
                                new BridgeOption.VlanFiltering(Toggle.ON),
                                new BridgeOption.MulticastSnooping(Toggle.OFF),
                                new BridgeOption.SpanningTree(Toggle.ON),
                                new BridgeOption.ForwardDelay(Duration.ZERO),
                                new BridgeOption.Ageing(Duration.ofSeconds(300))))))))
                .orElseThrow();
        assertThat(link.name()).isEqualTo("br0");
        assertThat(link.kind()).isEqualTo(LinkKind.BRIDGE);
        assertThat(link.mac()).contains(MAC);
        assertThat(link.mtu()).isEqualTo(1450);
        assertThat(link.group()).isEqualTo(new LinkGroup(9));
        assertThat(link.isUp()).isTrue();
        assertThat(link.details())
                .isEqualTo(new LinkDetails.BridgeDetails(Toggle.ON, Toggle.OFF, Toggle.ON, Duration.ofSeconds(300)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void aVxlanReadsBackAsAsked(String local) {
        Link link = LinkDecoder.decode(withIndex(encode(new Request.AddLink(new LinkSpec.VxlanSpec(
                        new InterfaceName("vx1"),
                        List.of(LinkAttribute.master(new InterfaceName("br0"))),
                        new Vni(Vni.MAX),
                        IpAddress.parse(local),
                        4789,
                        Set.of(VxlanFlag.PROXY, VxlanFlag.L3MISS))))))
                .orElseThrow();
        assertThat(link.masterIndex()).hasValue(7);
        assertThat(link.details())
                .isEqualTo(new LinkDetails.VxlanDetails(
                        Optional.of(new Vni(Vni.MAX)),
                        Optional.of(IpAddress.parse(local)),
                        4789,
                        OptionalInt.empty(),
                        Set.of(VxlanFlag.PROXY, VxlanFlag.L3MISS)));
    }

    /** A request to add a link has index 0; a report never has. */
    private static NlMessage withIndex(NlMessage request) {
        ByteBuffer payload = ByteBuffer.allocate(request.payload().remaining()).order(ByteOrder.nativeOrder());
        payload.put(request.payload().duplicate()).flip().putInt(4, 3);
        return new NlMessage(request.type(), request.flags(), 0, 0, payload);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1/24", "127.0.0.1/8", "2001:db8::1/64", "::1/128"})
    void anAddressReadsBackAsAsked(String text) {
        InterfaceAddress address = InterfaceAddress.parse(text);
        Set<AddressFlag> flags = Set.of(AddressFlag.NODAD, AddressFlag.NOPREFIXROUTE);
        assertThat(AddressCodec.decode(encode(new Request.ReplaceAddress(new AddressSpec(SEVENTH, address, flags)))))
                .contains(new Address(
                        7, address, address.address().isLoopback() ? RouteScope.HOST : RouteScope.UNIVERSE, flags));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.0.0.1, 254",
        "0.0.0.0/0, 10.0.0.1, 7",
        "::/0, fe80::1, 254",
        "2001:db8::/32, 2001:db9::1, 100000",
        "10.1.0.0/16, fe80::1, -1"
    })
    void aRouteReadsBackAsAsked(String destination, String gateway, int table) {
        RouteSpec spec = new RouteSpec(
                Cidr.parse(destination),
                new NextHop.Via(IpAddress.parse(gateway), SEVENTH, NextHop.Reach.ON_LINK),
                new RouteTable(table),
                OURS,
                RouteScope.UNIVERSE,
                42);
        assertThat(RouteCodec.decode(encode(new Request.AddRoute(spec))))
                .contains(new Route(
                        spec.destination(),
                        List.of(spec.nextHop()),
                        spec.table(),
                        OURS,
                        RouteScope.UNIVERSE,
                        RouteType.UNICAST,
                        42));
    }

    @Test
    void aDirectRouteHasTheScopeThatItsFamilyKnows() {
        assertThat(RouteSpec.of(Cidr.parse("10.0.0.0/8"), NextHop.direct(SEVENTH), OURS)
                        .scope())
                .isEqualTo(RouteScope.LINK);
        assertThat(RouteSpec.of(Cidr.parse("2001:db8::/32"), NextHop.direct(SEVENTH), OURS)
                        .scope())
                .isEqualTo(RouteScope.UNIVERSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.2", "2001:db8::2"})
    void neighborsAndFdbEntriesReadBackAsAsked(String text) {
        IpAddress address = IpAddress.parse(text);
        assertThat(NeighborCodec.decode(
                        encode(new Request.ReplaceNeighbor(NeighborSpec.permanent(SEVENTH, address, MAC, OURS)))))
                .contains(new Neighbor(7, address, Optional.of(MAC), NeighborState.PERMANENT, OURS));
        assertThat(NeighborCodec.decodeFdb(encode(new Request.AppendFdb(FdbSpec.remote(SEVENTH, MAC, address)))))
                .contains(new FdbEntry(
                        7, MAC, new FdbTarget.Vtep(address), OptionalInt.empty(), NeighborState.PERMANENT));
        assertThat(NeighborCodec.decodeFdb(encode(new Request.ReplaceFdb(FdbSpec.onPort(SEVENTH, MAC)))))
                .contains(new FdbEntry(7, MAC, new FdbTarget.Master(), OptionalInt.empty(), NeighborState.NOARP));
        assertThat(NeighborCodec.decode(encode(new Request.AppendFdb(FdbSpec.remote(SEVENTH, MAC, address)))))
                .as("an FDB entry is no neighbor")
                .isEmpty();
    }

    @Test
    void aPeerCannotBeAskedForWhatTheKernelIgnores() {
        InterfaceName name = new InterfaceName("eth0");
        assertThatThrownBy(() -> new LinkSpec.Peer(name, List.of(LinkAttribute.up())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eth0");
        assertThatThrownBy(() -> new LinkSpec.Peer(name, List.of(LinkAttribute.alias("mine"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMessageIsAsLongAsItsNeed() {
        InterfaceName name = new InterfaceName("br0");
        String alias = "x".repeat(255);
        Request request = new Request.SetLink(LinkRef.of(name), List.of(LinkAttribute.alias(alias)));
        assertThat(encode(request).encodedLength()).isEqualTo(16 + 16 + 8 + 4 + 256);
    }
}
