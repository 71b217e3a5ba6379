package dev.weft.node.dataplane.rtnetlink.model;

/** A switch of a VXLAN link: {@code ip link add … type vxlan FLAG}. */
public enum VxlanFlag {
    /** Learn VTEPs from the packets that come in. */
    LEARNING(7),
    /** Answer ARP and ND from the neighbor table. */
    PROXY(11),
    L2MISS(13),
    L3MISS(14),
    UDP_CHECKSUM(18);

    private final int attribute;

    VxlanFlag(int attribute) {
        this.attribute = attribute;
    }

    /** {@code IFLA_VXLAN_…} of {@code include/uapi/linux/if_link.h}. */
    public int attribute() {
        return attribute;
    }
}
