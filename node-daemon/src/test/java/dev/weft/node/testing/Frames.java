package dev.weft.node.testing;

import dev.weft.net.IpAddress;
import dev.weft.net.IpFamily;
import dev.weft.net.MacAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames and packets, byte by byte, right or wrong as a test wants them. */
public final class Frames {

    public static final MacAddress BROADCAST = MacAddress.parse("ff:ff:ff:ff:ff:ff");

    public static final int ARP_REQUEST = 1;
    public static final int ARP_REPLY = 2;

    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int HOP_BY_HOP = 0;

    private Frames() {}

    public static byte[] ethernet(MacAddress to, MacAddress from, int type, byte[] payload) {
        return join(to.toBytes(), from.toBytes(), two(type), payload);
    }

    public static byte[] arpFrame(MacAddress to, MacAddress from, byte[] arp) {
        return ethernet(to, from, 0x0806, arp);
    }

    /** A frame for a packet of either family. */
    public static byte[] ipFrame(MacAddress to, MacAddress from, byte[] packet) {
        return ethernet(to, from, packet[0] >> 4 == 4 ? 0x0800 : 0x86DD, packet);
    }

    /** With a tag of IEEE 802.1Q; VLAN 0 says that there is only a priority. */
    public static byte[] tagged(int vlan, byte[] frame) {
        byte[] addresses = java.util.Arrays.copyOf(frame, 12);
        byte[] rest = java.util.Arrays.copyOfRange(frame, 12, frame.length);
        return join(addresses, two(0x8100), two(vlan), rest);
    }

    /** RFC 826. */
    public static byte[] arp(
            int operation, MacAddress senderMac, IpAddress sender, MacAddress targetMac, IpAddress target) {
        return join(
                two(1),
                two(0x0800),
                new byte[] {6, 4},
                two(operation),
                senderMac.toBytes(),
                sender.toBytes(),
                targetMac.toBytes(),
                target.toBytes());
    }

    public static byte[] udp(IpAddress from, int fromPort, IpAddress to, int toPort, String text) {
        return udp(from, fromPort, to, toPort, text.getBytes(StandardCharsets.US_ASCII));
    }

    public static byte[] udp(IpAddress from, int fromPort, IpAddress to, int toPort, byte[] data) {
        byte[] datagram = join(two(fromPort), two(toPort), two(8 + data.length), two(0), data);
        return ip(from, to, UDP, withChecksum(datagram, 6, from, to, UDP));
    }

    /** A packet of either family with a hop limit of 255. */
    public static byte[] ip(IpAddress from, IpAddress to, int protocol, byte[] payload) {
        if (from.family() == IpFamily.IPV6) {
            return join(
                    new byte[] {0x60, 0, 0, 0},
                    two(payload.length),
                    new byte[] {(byte) protocol, (byte) 255},
                    from.toBytes(),
                    to.toBytes(),
                    payload);
        }
        byte[] header = join(
                new byte[] {0x45, 0},
                two(20 + payload.length),
                new byte[] {0, 0, 0, 0, (byte) 255, (byte) protocol, 0, 0},
                from.toBytes(),
                to.toBytes());
        ByteBuffer.wrap(header).putShort(10, (short) checksum(header));
        return join(header, payload);
    }

    /** RFC 4861 §4.4: who has the target has this MAC; believed also by those that did not ask. */
    public static byte[] advertisement(IpAddress from, IpAddress to, IpAddress target, MacAddress mac) {
        byte[] message = join(new byte[] {(byte) 136, 0, 0, 0, 0x60, 0, 0, 0}, target.toBytes(), option(2, mac));
        return icmp6(from, to, message);
    }

    /** RFC 4861 §4.3; from the unspecified address it carries no MAC. */
    public static byte[] solicitation(IpAddress from, IpAddress to, IpAddress target, MacAddress mac) {
        byte[] message = join(
                new byte[] {(byte) 135, 0, 0, 0, 0, 0, 0, 0},
                target.toBytes(),
                from.isUnspecified() ? new byte[0] : option(1, mac));
        return icmp6(from, to, message);
    }

    /** RFC 4861 §4.2: a router for half an hour. */
    public static byte[] routerAdvertisement(IpAddress from, MacAddress mac) {
        return icmp6(from, IpAddress.parse("ff02::1"), routerAdvertisementBody(mac));
    }

    /** The same behind a header of options, which a filter that looks at fixed places does not see (RFC 7113). */
    public static byte[] hiddenRouterAdvertisement(IpAddress from, MacAddress mac) {
        IpAddress to = IpAddress.parse("ff02::1");
        byte[] message = withChecksum(routerAdvertisementBody(mac), 2, from, to, ICMPV6);
        return ip(from, to, HOP_BY_HOP, join(new byte[] {ICMPV6, 0, 1, 4, 0, 0, 0, 0}, message));
    }

    private static byte[] routerAdvertisementBody(MacAddress mac) {
        return join(new byte[] {(byte) 134, 0, 0, 0, 64, 0}, two(1800), new byte[8], option(1, mac));
    }

    /** RFC 4861 §4.5: the way to the destination is by the target. */
    public static byte[] redirect(IpAddress from, IpAddress to, IpAddress target, IpAddress destination) {
        byte[] message = join(new byte[] {(byte) 137, 0, 0, 0, 0, 0, 0, 0}, target.toBytes(), destination.toBytes());
        return icmp6(from, to, message);
    }

    /** RFC 7348 §5. */
    public static byte[] vxlan(int vni, byte[] frame) {
        return join(ByteBuffer.allocate(8).put((byte) 8).putInt(4, vni << 8).array(), frame);
    }

    private static byte[] icmp6(IpAddress from, IpAddress to, byte[] message) {
        return ip(from, to, ICMPV6, withChecksum(message, 2, from, to, ICMPV6));
    }

    private static byte[] option(int type, MacAddress mac) {
        return join(new byte[] {(byte) type, 1}, mac.toBytes());
    }

    private static byte[] withChecksum(byte[] message, int at, IpAddress from, IpAddress to, int protocol) {
        byte[] copy = message.clone();
        int sum = checksum(join(from.toBytes(), to.toBytes(), two(message.length), two(protocol), message));
        ByteBuffer.wrap(copy).putShort(at, (short) (sum == 0 ? 0xFFFF : sum));
        return copy;
    }

    /** RFC 1071. */
    private static int checksum(byte[] bytes) {
        long sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (long) (bytes[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (int) (~sum & 0xFFFF);
    }

    private static byte[] two(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
