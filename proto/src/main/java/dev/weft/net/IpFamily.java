package dev.weft.net;

/** The two address families. Code takes the family as a parameter; it never has a branch per family written twice. */
public enum IpFamily {
    IPV4(32, 2),
    IPV6(128, 10);

    private final int bits;
    private final int afNumber;

    IpFamily(int bits, int afNumber) {
        this.bits = bits;
        this.afNumber = afNumber;
    }

    /** Length of an address in bits: 32 or 128. */
    public int bits() {
        return bits;
    }

    /** Length of an address in bytes: 4 or 16. */
    public int bytes() {
        return bits / 8;
    }

    /** Linux's {@code AF_INET} or {@code AF_INET6}, from {@code include/linux/socket.h}. */
    public int afNumber() {
        return afNumber;
    }

    @Override
    public String toString() {
        return this == IPV4 ? "IPv4" : "IPv6";
    }
}
