package dev.weft.node.dataplane.rtnetlink.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.Cidr;
import dev.weft.net.InterfaceAddress;
import dev.weft.net.InterfaceName;
import dev.weft.net.IpAddress;
import dev.weft.net.MacAddress;
import dev.weft.net.Vni;
import dev.weft.node.dataplane.rtnetlink.model.AddressSpec;
import dev.weft.node.dataplane.rtnetlink.model.FdbSpec;
import dev.weft.node.dataplane.rtnetlink.model.LinkAttribute;
import dev.weft.node.dataplane.rtnetlink.model.LinkRef;
import dev.weft.node.dataplane.rtnetlink.model.LinkSpec;
import dev.weft.node.dataplane.rtnetlink.model.NeighborSpec;
import dev.weft.node.dataplane.rtnetlink.model.NextHop;
import dev.weft.node.dataplane.rtnetlink.model.QdiscHandle;
import dev.weft.node.dataplane.rtnetlink.model.Request;
import dev.weft.node.dataplane.rtnetlink.model.RouteProtocol;
import dev.weft.node.dataplane.rtnetlink.model.RouteSpec;
import dev.weft.node.dataplane.rtnetlink.model.TokenBucket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes, decoding ends with values or with {@link MalformedMessageException}. */
class HostileInputTest {

    private static final int ROUNDS = 20_000;

    /** Decodes by everything there is; returns whether all of it made sense. */
    private static boolean decode(byte[] bytes) {
        try {
            for (NlMessage message : NlMessage.split(ByteBuffer.wrap(bytes))) {
                var unusedLink = LinkDecoder.decode(message);
                var unusedAddress = AddressCodec.decode(message);
                var unusedRoute = RouteCodec.decode(message);
                var unusedNeighbor = NeighborCodec.decode(message);
                var unusedFdb = NeighborCodec.decodeFdb(message);
                var unusedQdisc = QdiscCodec.decode(message);
                var unusedFilter = FilterCodec.decode(message);
                var unusedFlow = ConntrackCodec.decode(message);
                var unusedEvent = ChangeClassifier.classify(message);
                if (message.type() == NlMessage.TYPE_ERROR || message.type() == NlMessage.TYPE_DONE) {
                    var unusedError = Acknowledgement.decode(message).failure("test");
                }
            }
            return true;
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    private static byte[] encoded(Request request) {
        NlMessage message = RequestEncoder.encode(request, link -> 7);
        ByteBuffer out = ByteBuffer.allocate(message.encodedLength()).order(ByteOrder.nativeOrder());
        message.encode(out, 1);
        return out.array();
    }

    private static List<byte[]> valid() {
        LinkRef link = LinkRef.of(7);
        IpAddress address = IpAddress.parse("2001:db8::2");
        MacAddress mac = MacAddress.parse("02:42:0a:00:00:01");
        return List.of(
                encoded(new Request.AddLink(
                        new LinkSpec.BridgeSpec(new InterfaceName("br0"), List.of(LinkAttribute.mac(mac)), List.of()))),
                encoded(new Request.AddLink(new LinkSpec.VxlanSpec(
                        new InterfaceName("vx0"), List.of(), new Vni(5), address, 4789, Set.of()))),
                encoded(new Request.AddAddress(AddressSpec.of(link, InterfaceAddress.parse("10.0.0.1/24")))),
                encoded(new Request.AddRoute(RouteSpec.of(
                        Cidr.parse("10.0.0.0/8"), NextHop.via(IpAddress.parse("10.1.1.1"), link), RouteProtocol.BOOT))),
                encoded(new Request.AddNeighbor(NeighborSpec.permanent(link, address, mac, RouteProtocol.BOOT))),
                encoded(new Request.AppendFdb(FdbSpec.remote(link, mac, address))),
                encoded(new Request.ReplaceQdisc(
                        link, new QdiscHandle(0x7766), new TokenBucket(10L << 32, 9000, 1000))),
                encoded(new Request.Redirect(link, 7, link)),
                flow(),
                acknowledgement());
    }

    private static byte[] flow() {
        PayloadWriter payload = new PayloadWriter().u8(2).u8(0).u16(0);
        for (int tuple : List.of(1, 2)) {
            payload.nested(tuple, parts -> {
                parts.nested(1, ip -> ip.attribute(1, new byte[] {10, 0, 0, 1}).attribute(2, new byte[] {10, 0, 0, 2}));
                parts.nested(
                        2,
                        ports -> ports.attribute(1, new byte[] {6})
                                .attribute(2, new byte[] {0, 80})
                                .attribute(3, new byte[] {31, 64}));
            });
        }
        payload.attribute(12, new byte[] {1, 2, 3, 4});
        NlMessage message = new NlMessage(256, 0, 1, 1, payload.toBuffer());
        ByteBuffer out = ByteBuffer.allocate(message.encodedLength()).order(ByteOrder.nativeOrder());
        message.encode(out, 1);
        return out.array();
    }

    @Test
    void theFlowIsOneWhenItIsWhole() {
        assertThat(ConntrackCodec.decode(
                        NlMessage.split(ByteBuffer.wrap(flow())).getFirst()))
                .isPresent();
    }

    /** An explained refusal with the whole request in it. */
    private static byte[] acknowledgement() {
        PayloadWriter payload = new PayloadWriter().u32(-17);
        payload.u32(20).u16(16).u16(0).u32(1).u32(1).u32(0).attributeText(1, "because");
        NlMessage message = new NlMessage(NlMessage.TYPE_ERROR, NlMessage.ACK_ATTRIBUTES, 1, 1, payload.toBuffer());
        ByteBuffer out = ByteBuffer.allocate(message.encodedLength()).order(ByteOrder.nativeOrder());
        message.encode(out, 1);
        return out.array();
    }

    @Test
    void readsTheReasonAfterACopyOfTheRequest() {
        NlMessage message = NlMessage.split(ByteBuffer.wrap(acknowledgement())).getFirst();
        assertThat(Acknowledgement.decode(message)).isEqualTo(new Acknowledgement(17, "because"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void survivesRandomBytes(long seed) {
        Random random = new Random(seed);
        int[] types = {2, 3, 16, 20, 24, 28, 36, 44, 256};
        int sensible = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (bytes.length >= 16 && random.nextBoolean()) {
                // A header that fits, so that the payload is looked at.
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.nativeOrder())
                        .putInt(bytes.length)
                        .putShort((short) types[random.nextInt(types.length)]);
            }
            sensible += decode(bytes) ? 1 : 0;
        }
        assertThat(sensible).as("the decoders are reached").isBetween(1, ROUNDS - 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void survivesDamagedMessages(long seed) {
        Random random = new Random(seed);
        List<byte[]> valid = valid();
        int sensible = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = valid.get(random.nextInt(valid.size())).clone();
            for (int hit = random.nextInt(4); hit >= 0; hit--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            sensible += decode(bytes) ? 1 : 0;
        }
        assertThat(sensible).isBetween(1, ROUNDS - 1);
    }

    @Test
    void survivesMessagesCutAnywhere() {
        for (byte[] whole : valid()) {
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                boolean unusedOutcome = decode(cut);
                if (length >= 16) {
                    ByteBuffer.wrap(cut).order(ByteOrder.nativeOrder()).putInt(length);
                    boolean unusedOutcomeWithFittingLength = decode(cut);
                }
            }
        }
    }

    @Test
    void refusesLengthsThatDoNotFit() {
        byte[] tooLong = encoded(new Request.DeleteLink(LinkRef.of("br0")));
        ByteBuffer.wrap(tooLong).order(ByteOrder.nativeOrder()).putInt(tooLong.length + 4);
        assertThatThrownBy(() -> NlMessage.split(ByteBuffer.wrap(tooLong)))
                .isInstanceOf(MalformedMessageException.class);
        ByteBuffer.wrap(tooLong).order(ByteOrder.nativeOrder()).putInt(0);
        assertThatThrownBy(() -> NlMessage.split(ByteBuffer.wrap(tooLong)))
                .isInstanceOf(MalformedMessageException.class);
        ByteBuffer.wrap(tooLong).order(ByteOrder.nativeOrder()).putInt(-1);
        assertThatThrownBy(() -> NlMessage.split(ByteBuffer.wrap(tooLong)))
                .isInstanceOf(MalformedMessageException.class);
    }
}
