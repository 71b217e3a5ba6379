package dev.weft.node.dataplane.rtnetlink.model;

/** A flag of a link as {@code ip link} shows it, from {@code include/uapi/linux/if.h}. */
public enum LinkFlag {
    /** The administrator wants it up. */
    UP(0x1),
    BROADCAST(0x2),
    LOOPBACK(0x8),
    POINT_TO_POINT(0x10),
    NO_ARP(0x80),
    PROMISCUOUS(0x100),
    ALL_MULTICAST(0x200),
    MULTICAST(0x1000),
    /** The cable, or what stands for it, is plugged in. */
    LOWER_UP(0x1_0000);

    private final int bit;

    LinkFlag(int bit) {
        this.bit = bit;
    }

    public int bit() {
        return bit;
    }
}
