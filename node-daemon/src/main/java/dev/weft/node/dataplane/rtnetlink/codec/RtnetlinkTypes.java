package dev.weft.node.dataplane.rtnetlink.codec;

/** Message types of rtnetlink(7), from {@code include/uapi/linux/rtnetlink.h}. */
final class RtnetlinkTypes {

    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int GET_LINK = 18;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int GET_ADDRESS = 22;
    static final int NEW_ROUTE = 24;
    static final int DELETE_ROUTE = 25;
    static final int GET_ROUTE = 26;
    static final int NEW_NEIGHBOR = 28;
    static final int DELETE_NEIGHBOR = 29;
    static final int GET_NEIGHBOR = 30;
    static final int NEW_QDISC = 36;
    static final int DELETE_QDISC = 37;
    static final int GET_QDISC = 38;
    static final int NEW_FILTER = 44;
    static final int DELETE_FILTER = 45;
    static final int GET_FILTER = 46;
    static final int NEW_NETCONF = 80;

    static final int AF_UNSPEC = 0;
    static final int AF_BRIDGE = 7;

    private RtnetlinkTypes() {}
}
