package dev.weft.node.dataplane.rtnetlink.model;

/** A flag of an address, from {@code include/uapi/linux/if_addr.h}. */
public enum AddressFlag {
    SECONDARY(0x01),
    /** No duplicate address detection: usable at once (IPv6). */
    NODAD(0x02),
    OPTIMISTIC(0x04),
    DADFAILED(0x08),
    DEPRECATED(0x20),
    TENTATIVE(0x40),
    /** Without a lifetime. Reported only. */
    PERMANENT(0x80),
    /** No route to the subnet comes with the address. */
    NOPREFIXROUTE(0x200);

    private final int bit;

    AddressFlag(int bit) {
        this.bit = bit;
    }

    public int bit() {
        return bit;
    }
}
