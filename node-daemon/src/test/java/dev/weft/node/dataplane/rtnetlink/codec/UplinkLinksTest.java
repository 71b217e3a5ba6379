package dev.weft.node.dataplane.rtnetlink.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.InterfaceName;
import dev.weft.node.dataplane.rtnetlink.model.IpvlanFlag;
import dev.weft.node.dataplane.rtnetlink.model.IpvlanMode;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkDetails;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.MacvlanMode;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Links on a parent. Kernels may lack their kinds, so the bytes are held against the kernel's headers. */
class UplinkLinksTest {

    private static final InterfaceName NAME = new InterfaceName("eth0");
    private static final List<LinkAttribute> ON_SEVENTH = List.of(new LinkAttribute.Parent(LinkRef.of(7)));

    private static final String HEADER = "1000" + "0506" + "01000000" + "00000000" // NEWLINK, CREATE|EXCL|ACK|REQ
            + "00000000" + "00000000" + "00000000" + "00000000" // ifinfomsg
            + "0900" + "0300" + "6574683000" + "000000" // IFLA_IFNAME "eth0"
            + "0800" + "0500" + "07000000"; // IFLA_LINK

    private static NlMessage encode(LinkSpec spec) {
        return RequestEncoder.encode(new Request.AddLink(spec), link -> switch (link) {
            case LinkRef.Indexed(int index) -> index;
            case LinkRef.Named _ -> 7;
        });
    }

    private static void hasBytes(LinkSpec spec, String expected) {
        if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            return;
        }
        NlMessage message = encode(spec);
        ByteBuffer out = ByteBuffer.allocate(message.encodedLength()).order(ByteOrder.nativeOrder());
        message.encode(out, 1);
        String hex = HexFormat.of().formatHex(out.array());
        assertThat(hex.substring(8)).isEqualTo(expected);
        assertThat(hex).startsWith("%02x000000".formatted(message.encodedLength()));
    }

    /** A request to add a link has index 0; a report never has. */
    private static LinkDetails readBack(LinkSpec spec) {
        NlMessage request = encode(spec);
        ByteBuffer payload = ByteBuffer.allocate(request.payload().remaining()).order(ByteOrder.nativeOrder());
        payload.put(request.payload().duplicate()).flip().putInt(4, 9);
        return LinkDecoder.decode(new NlMessage(request.type(), request.flags(), 0, 0, payload))
                .orElseThrow()
                .details();
    }

    @Test
    void macvlan() {
        hasBytes(
                new LinkSpec.MacvlanSpec(NAME, ON_SEVENTH, MacvlanMode.BRIDGE),
                HEADER
                        + "1c00" + "1280" // IFLA_LINKINFO, nested
                        + "0c00" + "0100" + "6d6163766c616e00" // IFLA_INFO_KIND "macvlan"
                        + "0c00" + "0280" // IFLA_INFO_DATA, nested
                        + "0800" + "0100" + "04000000"); // IFLA_MACVLAN_MODE
    }

    @Test
    void ipvlan() {
        hasBytes(
                new LinkSpec.IpvlanSpec(NAME, ON_SEVENTH, IpvlanMode.L3S, IpvlanFlag.PRIVATE),
                HEADER
                        + "2400" + "1280"
                        + "0b00" + "0100" + "6970766c616e00" + "00" // "ipvlan", padded
                        + "1400" + "0280"
                        + "0600" + "0100" + "0200" + "0000" // IFLA_IPVLAN_MODE
                        + "0600" + "0200" + "0100" + "0000"); // IFLA_IPVLAN_FLAGS
    }

    @Test
    void vlan() {
        hasBytes(
                new LinkSpec.VlanSpec(NAME, ON_SEVENTH, 10),
                HEADER
                        + "1c00" + "1280"
                        + "0900" + "0100" + "766c616e00" + "000000" // "vlan", padded
                        + "0c00" + "0280"
                        + "0600" + "0100" + "0a00" + "0000"); // IFLA_VLAN_ID
    }

    @ParameterizedTest
    @EnumSource
    void everyMacvlanModeReadsBack(MacvlanMode mode) {
        assertThat(readBack(new LinkSpec.MacvlanSpec(NAME, List.of(), mode)))
                .isEqualTo(new LinkDetails.MacvlanDetails(Optional.of(mode)));
    }

    @ParameterizedTest
    @EnumSource
    void everyIpvlanModeReadsBack(IpvlanMode mode) {
        for (IpvlanFlag flag : IpvlanFlag.values()) {
            assertThat(readBack(new LinkSpec.IpvlanSpec(NAME, List.of(), mode, flag)))
                    .isEqualTo(new LinkDetails.IpvlanDetails(Optional.of(mode), Optional.of(flag)));
        }
    }

    @Test
    void aTagReadsBack() {
        assertThat(readBack(new LinkSpec.VlanSpec(NAME, List.of(), 4094))).isEqualTo(new LinkDetails.VlanDetails(4094));
    }
}
