package dev.weft.net;

/**
 * The largest packet that a link carries, in bytes, without the Ethernet header.
 *
 * @param bytes 68 (RFC 791's minimum for IPv4) to 65535
 */
public record Mtu(int bytes) implements Comparable<Mtu> {

    /** Ethernet's own. */
    public static final Mtu ETHERNET = new Mtu(1500);

    public Mtu {
        if (bytes < 68 || bytes > 65_535) {
            throw new IllegalArgumentException("invalid MTU " + bytes + ": it should be 68 to 65535");
        }
    }

    /**
     * What is left for inner packets when a VXLAN header goes around them: outer IP (20 or 40), UDP (8), VXLAN (8) and
     * the inner Ethernet header (14), as in RFC 7348 §5.
     */
    public Mtu insideVxlan(IpFamily underlay) {
        return new Mtu(bytes - (underlay == IpFamily.IPV4 ? 50 : 70));
    }

    @Override
    public int compareTo(Mtu other) {
        return Integer.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return Integer.toString(bytes);
    }
}
