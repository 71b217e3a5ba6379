package dev.weft.node.dataplane.rtnetlink.codec;

/** Attribute types of links, from {@code include/uapi/linux/if_link.h} and {@code veth.h}. */
final class LinkAttributes {

    static final int ADDRESS = 1;
    static final int NAME = 3;
    static final int MTU = 4;
    static final int LOWER = 5;
    static final int MASTER = 10;
    static final int OPER_STATE = 16;
    static final int LINK_INFO = 18;
    static final int ALIAS = 20;
    static final int GROUP = 27;
    static final int NAMESPACE_FD = 28;
    static final int EXTENDED_MASK = 29;
    static final int LOWER_NAMESPACE_ID = 37;

    static final int INFO_KIND = 1;
    static final int INFO_DATA = 2;
    static final int INFO_PORT_KIND = 4;
    static final int INFO_PORT_DATA = 5;

    static final int BRIDGE_FORWARD_DELAY = 1;
    static final int BRIDGE_AGEING = 4;
    static final int BRIDGE_STP = 5;
    static final int BRIDGE_VLAN_FILTERING = 7;
    static final int BRIDGE_MULTICAST_SNOOPING = 23;

    static final int VXLAN_ID = 1;
    static final int VXLAN_DEVICE = 3;
    static final int VXLAN_LOCAL = 4;
    static final int VXLAN_PORT = 15;
    static final int VXLAN_LOCAL6 = 17;
    static final int VXLAN_UDP_ZERO_CHECKSUM6_TX = 19;
    static final int VXLAN_UDP_ZERO_CHECKSUM6_RX = 20;

    static final int VETH_PEER = 1;

    static final int MACVLAN_MODE = 1;
    static final int IPVLAN_MODE = 1;
    static final int IPVLAN_FLAGS = 2;
    static final int VLAN_ID = 1;

    /** {@code struct ifinfomsg}. */
    static final int HEADER_LENGTH = 16;

    private LinkAttributes() {}
}
