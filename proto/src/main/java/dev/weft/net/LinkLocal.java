package dev.weft.net;

/** The address of the link alone that an interface has by itself. */
public final class LinkLocal {

    private LinkLocal() {}

    /** What the kernel makes of the MAC: RFC 4291, appendix A. */
    public static IpAddress of(MacAddress mac) {
        byte[] m = mac.toBytes();
        byte[] address = {
            (byte) 0xFE,
            (byte) 0x80,
            0,
            0,
            0,
            0,
            0,
            0,
            (byte) (m[0] ^ 0x02),
            m[1],
            m[2],
            (byte) 0xFF,
            (byte) 0xFE,
            m[3],
            m[4],
            m[5]
        };
        return IpAddress.ofBytes(address);
    }
}
